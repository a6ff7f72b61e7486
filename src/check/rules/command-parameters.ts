/** Parameters of commands that nothing in the shell could fill. */
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlerParameterSite } from '../handlers.ts'

export const CommandParameterUnusable = defineDiagnostic({
  code: 'COMMAND_PARAMETER_UNUSABLE',
  message: (command: string, method: string, position: number) =>
    `Parameter ${position} of ${method} is nothing that the command ${command} is given.`,
  help: 'Commands have @Param for arguments, @Query for options, @Ctx, @CurrentUser, @CurrentTenant and decorators of your own.',
})

export const CommandArgumentUnknown = defineDiagnostic({
  code: 'COMMAND_ARGUMENT_UNKNOWN',
  message: (command: string, method: string, argument: string) =>
    `${method} takes the argument "${argument}", which the usage of ${command} does not name.`,
  help: (_command, _method, argument) =>
    `Write it into the usage: <${argument}> when it is needed, [${argument}] when not.`,
})

export const CommandDuplicate = defineDiagnostic({
  code: 'COMMAND_DUPLICATE',
  message: (command: string, method: string, other: string) =>
    `${method} is the command ${command}, and so is ${other}.`,
  help: 'Give one of them another name.',
})

const FILLED: ReadonlySet<string | undefined> = new Set(['query', 'param', 'context', 'user', 'tenant', 'custom'])

export const commandParameters: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint) => {
    const { command, name, parameters } = endpoint
    if (!command) return []
    const known = command.arguments.map((argument) => argument.name)
    return parameters.flatMap((parameter) => {
      const at = handlerParameterSite(endpoint, parameter)
      const { source, index } = parameter
      if (!FILLED.has(source?.kind)) return [CommandParameterUnusable({ at }, command.name, name, index + 1)]
      if (source?.kind !== 'param' || source.name === undefined || known.includes(source.name)) return []
      return [CommandArgumentUnknown({ at }, command.name, name, source.name)]
    })
  })

export const commandNames: CheckRule = ({ graph }) => {
  const first = new Map<string, string>()
  return graph.endpoints.flatMap(({ command, name, at }) => {
    if (!command) return []
    const other = first.get(command.name)
    if (other !== undefined) return [CommandDuplicate({ at }, command.name, name, other)]
    first.set(command.name, name)
    return []
  })
}
