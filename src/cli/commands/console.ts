/** `tenon console` */
import { CliSandboxMissing } from '../cli-errors.ts'
import { ConsoleContext } from '../console/console-context.ts'
import { openConsole } from '../console/open-console.ts'
import { Sandbox } from '../sandbox.ts'
import { toolCommand } from '../tool-command.ts'

export const repl = toolCommand('console', {
  description: 'A prompt inside the started application: every provider by name, as any user or tenant',
  options: {
    '--sandbox': 'take back everything when it is left',
    '--as <id>': 'the caller; the operator of this machine when it is left out',
    '--tenant <id>': 'the tenant',
  },
  examples: [
    'tenon console',
    'tenon console --sandbox --tenant acme',
    'echo "await ticketRepository.count()" | tenon console',
  ],
  run: async (call) => {
    const application = await call.project.application()
    const { log } = await call.project.built()
    const context = new ConsoleContext(log.logger)
    const as = call.option('as')
    if (as !== undefined) context.principal = { id: as }
    context.tenant = call.option('tenant')
    const open = (): Promise<void> => openConsole(application, context, call.io)
    if (!call.flag('sandbox')) {
      await open()
      return undefined
    }
    if (!application.graph.providerOf(Sandbox)) throw new CliSandboxMissing()
    await application.get<Sandbox>(Sandbox).run(open)
    call.progress('Everything was taken back.')
    return undefined
  },
})
