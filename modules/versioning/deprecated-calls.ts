/** Who still calls what will go: counted while the process runs, and told to the log once a day for each caller. */
import { Clock, Injectable, Logger, type Authentication, type CallContext } from 'tenon'
import { Gauge, type GaugeReading } from 'tenon/decorators'

/** One caller of one deprecated endpoint. */
export interface DeprecatedUse {
  readonly endpoint: string
  readonly version: string | undefined
  /** The caller's id; `anonymous` where nobody is known. */
  readonly caller: string
  /** The API key, of those who call with one: their owner may have many. */
  readonly key: string | undefined
  readonly tenant: string | undefined
  readonly calls: number
  readonly lastCallAt: Date
}

/** Callers that are kept apart; further ones are counted together. */
const MOST_CALLERS = 10_000

/** Stands for those beyond. */
const OTHERS = 'others'

const DAY_MS = 86_400_000

interface Count {
  readonly use: Omit<DeprecatedUse, 'calls' | 'lastCallAt'>
  calls: number
  lastCallMs: number
  toldMs: number
}

@Injectable()
export class DeprecatedCalls {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #counts = new Map<string, Count>()

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  /** Most calls first. */
  report(): readonly DeprecatedUse[] {
    return [...this.#counts.values()]
      .map(({ use, calls, lastCallMs }) => ({ ...use, calls, lastCallAt: new Date(lastCallMs) }))
      .toSorted((a, b) => b.calls - a.calls)
  }

  /** For metrics: which endpoints and versions are still called, and not by whom, of whom there may be many. */
  @Gauge('tenon.deprecated.calls', {
    unit: '{call}',
    description: 'Calls of deprecated endpoints.',
    growsOnly: true,
  })
  byEndpoint(): GaugeReading {
    const groups = Map.groupBy(this.#counts.values(), ({ use }) => JSON.stringify([use.endpoint, use.version]))
    return [...groups.values()].map((counts) => ({
      value: counts.reduce((sum, { calls }) => sum + calls, 0),
      attributes: { endpoint: counts[0]!.use.endpoint, 'tenon.api.version': counts[0]!.use.version ?? 'neutral' },
    }))
  }

  /** @param route - How people know the endpoint: `GET /v1/tickets`. */
  note({ endpoint, principal, tenant }: CallContext, route: string): void {
    const nowMs = this.#clock.epochMs()
    const count = this.#countFor({
      endpoint: route,
      version: endpoint.version,
      caller: principal?.id ?? 'anonymous',
      key: keyOf(principal?.authentication),
      tenant: tenant ?? principal?.tenant,
    })
    count.calls += 1
    count.lastCallMs = nowMs
    if (nowMs - count.toldMs < DAY_MS) return
    count.toldMs = nowMs
    const { caller, key } = count.use
    const who = key === undefined ? caller : `${caller} with the key ${key}`
    this.#logger.warn(`${route} is deprecated, and ${who} still calls it.`, { ...count.use })
  }

  #countFor(use: Count['use']): Count {
    const known = this.#counts.get(nameOf(use))
    if (known) return known
    if (this.#counts.size >= MOST_CALLERS && use.caller !== OTHERS) {
      return this.#countFor({ ...use, caller: OTHERS, key: undefined, tenant: undefined })
    }
    const count: Count = { use, calls: 0, lastCallMs: 0, toldMs: Number.NEGATIVE_INFINITY }
    this.#counts.set(nameOf(use), count)
    return count
  }
}

/** Keys stay; sessions and tokens come and go with each login and would hide who it is. */
function keyOf(authentication: Authentication | undefined): string | undefined {
  return authentication?.scheme === 'apiKey' ? authentication.credentialId : undefined
}

function nameOf({ endpoint, version, caller, key, tenant }: Count['use']): string {
  return JSON.stringify([endpoint, version, caller, key, tenant])
}
