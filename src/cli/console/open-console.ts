/** A REPL inside the application: everything typed runs in one call, and in the sandbox when there is one. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { start, type REPLServer } from 'node:repl'
import { once } from 'node:events'

import type { Application } from '../../application/application.ts'
import type { ProviderModel } from '../../graph/module-graph.ts'
import { runInContext } from '../../pipeline/context.ts'
import type { Principal } from '../../pipeline/principal.ts'
import type { ToolIo } from '../tool-io.ts'
import { type ConsoleContext, operator } from './console-context.ts'

/** Resolves when it is left. To be called inside the sandbox. */
export async function openConsole(application: Application, context: ConsoleContext, io: ToolIo): Promise<void> {
  // What is typed arrives from the terminal, outside of every call: each line is taken back into this one.
  const enter = runInContext(context, () => AsyncLocalStorage.snapshot())
  const server = start({
    prompt: promptOf(context),
    input: io.input,
    output: io.output,
    terminal: io.isInteractive,
    useGlobal: false,
  })
  const evaluate = server.eval
  Object.assign(server, {
    eval: (...args: Parameters<typeof evaluate>) => enter(() => evaluate.apply(server, args)),
  })
  define(server, application, context)
  if (io.isInteractive) server.setupHistory(join(homedir(), '.tenon_history'), () => {})
  await once(server, 'exit')
}

function define(server: REPLServer, application: Application, context: ConsoleContext): void {
  const show = (): void => server.setPrompt(promptOf(context))
  const words = {
    app: application,
    container: application.container,
    graph: application.graph,
    ctx: context,
    get: application.get.bind(application),
    run: application.run.bind(application),
    /** Acts as somebody else from now on; without a caller, as the operator again. */
    as: (caller: Principal | string = operator()): Principal => {
      context.principal = typeof caller === 'string' ? { id: caller } : caller
      show()
      return context.principal
    },
    /** Acts for a tenant from now on; without one, for none. */
    tenant: (id?: string): string | undefined => {
      context.tenant = id
      show()
      return id
    },
  }
  Object.assign(server.context, words)
  for (const provider of application.graph.providers) defineProvider(server, application, provider)
}

/** `ticketRepository` for `TicketRepository`: found when it is asked for. */
function defineProvider(server: REPLServer, application: Application, { implementation, token }: ProviderModel): void {
  if (!implementation) return
  const name = implementation.name.charAt(0).toLowerCase() + implementation.name.slice(1)
  if (name in server.context) return
  Object.defineProperty(server.context, name, {
    get: () => application.get(token),
    configurable: true,
    enumerable: true,
  })
}

function promptOf({ principal, tenant }: ConsoleContext): string {
  const who = principal?.kind === 'operator' ? '' : (principal?.id ?? '')
  const whom = [who, tenant].filter(Boolean).join('@')
  return whom === '' ? 'tenon> ' : `tenon ${whom}> `
}
