/** The call that everything typed into the console belongs to: its caller and tenant can be changed at any time. */
import { userInfo } from 'node:os'

import type { Logger } from '../../logging/logger.ts'
import { CallContext } from '../../pipeline/context.ts'
import { Endpoint } from '../../pipeline/endpoint.ts'
import type { Principal } from '../../pipeline/principal.ts'
import { UNKNOWN_SITE } from '../../../decorators/index.ts'

/** Named in logs and errors. */
class Console {
  evaluate(): void {}
}

export class ConsoleContext extends CallContext {
  readonly id = 'console'
  readonly log: Logger
  readonly startedAt: number = performance.now()

  constructor(logger: Logger) {
    const endpoint = { type: Console, method: 'evaluate', module: undefined, at: UNKNOWN_SITE, parameters: [] }
    super(new Endpoint({ ...endpoint, transport: 'console', returns: undefined }))
    this.log = logger.child({ requestId: this.id })
    this.principal = operator()
  }

  header(): undefined {
    return undefined
  }

  /** What is typed never settles. */
  onSettled(): void {}
}

export function operator(): Principal {
  return {
    id: `operator:${userInfo().username}`,
    kind: 'operator',
    authentication: { scheme: 'shell', factors: [] },
  }
}
