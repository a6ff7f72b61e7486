/** Runs a command of the application: the same interceptors, arguments and validation as on every other entry. */
import { VALIDATE, type MemberName } from '../../decorators/index.ts'
import type { BuiltProgram } from '../application/program.ts'
import { compileTextArgument, type TextSources } from '../http/compile-argument.ts'
import { problemOf } from '../errors/problem.ts'
import { after, isPromise } from '../pipeline/after.ts'
import { CallProbe, compileProbed, takingPart } from '../pipeline/call-probe.ts'
import { collectArounds, tellingThemselves, withResultSteps, type PlacedStep } from '../pipeline/collect-arounds.ts'
import { runInContext, type CallContext } from '../pipeline/context.ts'
import type { Endpoint, EndpointParameter } from '../pipeline/endpoint.ts'
import type { Handler } from '../pipeline/interceptor.ts'
import { CommandUnknown } from './cli-errors.ts'
import { CommandContext, type CommandInput } from './command-context.ts'
import { CommandResult } from './command-result.ts'

/** The commands of a program, by name. */
export function commandsOf(program: Pick<BuiltProgram, 'graph'>): ReadonlyMap<string, Endpoint> {
  return new Map(
    program.graph.endpoints.flatMap((endpoint) => (endpoint.command ? [[endpoint.command.name, endpoint]] : [])),
  )
}

/**
 * Runs one command. The program is started by the caller where the command wants it (`starts`).
 * @throws `CLI_COMMAND_UNKNOWN`, and whatever the command, its validation and its interceptors throw.
 */
export async function runCommand(program: BuiltProgram, name: string, input: CommandInput): Promise<CommandResult> {
  const commands = commandsOf(program)
  const endpoint = commands.get(name)
  if (!endpoint) throw new CommandUnknown(name, [...commands.keys()])
  const { graph, container, root, compiler, log } = program
  const steps = tellingThemselves(
    collectArounds(endpoint, {
      application: graph.interceptors,
      root,
      instanceOf: (type) => container.get(type),
      transport: [await binding(endpoint)],
    }),
  )
  const handler = withResultSteps(handlerOf(endpoint, program), steps)
  const pipeline = { endpoint, steps, handler, compiler }
  const invoke = compileProbed(pipeline, takingPart(endpoint, container.getAll(CallProbe)))
  const context = new CommandContext(endpoint, input, log.logger)
  try {
    const result = CommandResult.of(await runInContext(context, invoke))
    context.settle(200)
    return result
  } catch (error) {
    context.settle(problemOf(error).status, error)
    throw error
  }
}

function handlerOf({ type, method }: Endpoint, { graph, container }: BuiltProgram): Handler {
  const provider = graph.providers.find(({ implementation }) => implementation === type)
  const instance = (provider ? container.instanceOf(provider) : container.get(type)) as Record<
    MemberName,
    (...args: readonly unknown[]) => unknown
  >
  return ({ args }) => instance[method]!(...args)
}

async function binding(endpoint: Endpoint): Promise<PlacedStep> {
  const readers = await Promise.all(endpoint.parameters.map((parameter) => compileParameter(endpoint, parameter)))
  return {
    name: 'argument binding',
    phase: 'validate',
    order: 0,
    before: (context) => {
      const { input } = context as CommandContext
      const sources: TextSources = {
        query: input.options ?? {},
        params: input.arguments ?? {},
        headers: {},
        cookies: {},
      }
      const values = readers.map((read) => read(sources, context))
      if (!values.some((value) => isPromise(value))) return void (context.args = values)
      return Promise.all(values).then((args) => void (context.args = args))
    },
  }
}

type CommandReader = (sources: TextSources, context: CallContext) => unknown

async function compileParameter(endpoint: Endpoint, parameter: EndpointParameter): Promise<CommandReader> {
  const { source } = parameter
  switch (source?.kind) {
    case 'query':
    case 'param': {
      const read = await compileTextArgument(parameter, source.kind, source, endpoint.read(VALIDATE) ?? {})
      const transform = source.options.transform as ((value: unknown, context: CallContext) => unknown) | undefined
      return transform ? (texts, context) => after(read(texts), (value) => transform(value, context)) : read
    }
    case 'context':
      return (_texts, context) => context
    case 'user':
      return (_texts, context) => context.principal
    case 'tenant':
      return (_texts, context) => context.tenant
    case 'custom': {
      const factory = source.factory as (data: unknown, context: CallContext) => unknown
      return (_texts, context) => factory(source.data, context)
    }
    // The check has refused everything else.
    default:
      return () => undefined
  }
}
