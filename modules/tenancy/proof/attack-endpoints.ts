/**
 * Attacks every endpoint of tenants over HTTP. Reading is compared with a world in which the other tenant does not exist:
 * whatever differs tells of it, be it a row, a number, an order or a status. Writing is compared by what it does to the
 * other's rows.
 */
import type { Endpoint, Principal } from 'tenon'

import { draftBody } from './draft-body.ts'
import type { ProofReport } from './proof-report.ts'
import { ROWS, type Metadata, type TenantWorld } from './tenant-world.ts'
import { ATTACKER, VICTIM, type TwoWorlds } from './two-worlds.ts'

/** Sends a request as a caller. */
export type Send = (
  caller: Principal | undefined,
  path: string,
  init: RequestInit & { readonly json?: unknown },
) => Promise<Response>

interface Answer {
  readonly status: number
  readonly text: string
}

/** One request, by the entities whose keys stand in it. */
interface Attempt {
  readonly name: string
  readonly entities: readonly Metadata[]
  readonly query: string | undefined
}

/** Keys that nobody has. */
const NOWHERE = { number: 999_999_937, text: '00000000-0000-4000-8000-00000000dead' }

export class EndpointAttacks {
  readonly #worlds: TwoWorlds
  readonly #report: ProofReport
  readonly #send: Send
  readonly #principal: (tenant: string) => Principal
  readonly #endpoints: readonly Endpoint[]
  readonly #bodies: Readonly<Record<string, (key: (entity: string) => string | number | undefined) => unknown>>
  /** What was answered before the other existed. */
  readonly #alone = new Map<string, Answer>()

  constructor(parts: {
    readonly worlds: TwoWorlds
    readonly report: ProofReport
    readonly send: Send
    readonly principal: (tenant: string) => Principal
    readonly endpoints: readonly Endpoint[]
    readonly bodies: Readonly<Record<string, (key: (entity: string) => string | number | undefined) => unknown>>
  }) {
    this.#worlds = parts.worlds
    this.#report = parts.report
    this.#send = parts.send
    this.#principal = parts.principal
    this.#endpoints = parts.endpoints
    this.#bodies = parts.bodies
  }

  /** While the attacker is alone. */
  async rememberAlone(): Promise<void> {
    for (const endpoint of this.#reads) {
      for (const attempt of this.#attempts(endpoint)) {
        this.#alone.set(
          nameOf(endpoint, attempt),
          await this.#ask(endpoint, attempt, this.#worlds.attacker, ATTACKER.tenant),
        )
      }
    }
  }

  async attackReads(): Promise<void> {
    for (const endpoint of this.#reads) {
      const where = describe(endpoint)
      for (const attempt of this.#attempts(endpoint)) {
        const { attacker, victim } = this.#worlds
        const alone = this.#alone.get(nameOf(endpoint, attempt))!
        const control = await this.#ask(endpoint, attempt, victim, VICTIM.tenant)
        const isAnswered = isFine(alone) && isFine(control)
        this.#report.control(where, isAnswered, `its own tenant is answered ${alone.status} and ${control.status}`)
        if (!isAnswered) continue
        if (control.text.includes(ATTACKER.mark)) {
          this.#report.find(
            where,
            `${attempt.name}: the control`,
            `answers what is the attacker's: ${control.text.slice(0, 200)}`,
          )
        }
        const together = await this.#ask(endpoint, attempt, attacker, ATTACKER.tenant)
        this.#compare(where, `${attempt.name}: the other exists`, alone, together)
        const foreign = await this.#ask(endpoint, attempt, victim, ATTACKER.tenant)
        if (attempt.entities.length > 0 || attempt.query !== undefined) {
          const nowhere = await this.#ask(endpoint, attempt, undefined, ATTACKER.tenant)
          this.#compare(where, `${attempt.name}: what is the other's`, nowhere, foreign)
        } else this.#requireNoMark(where, attempt.name, foreign)
        await this.#attackCursor(endpoint, attempt, control)
        await this.#attackNames(endpoint, attempt)
      }
    }
  }

  async attackWrites(): Promise<void> {
    for (const endpoint of this.#endpoints.filter(({ route }) => !isRead(route?.method))) {
      const where = describe(endpoint)
      for (const attempt of this.#attempts(endpoint)) {
        for (const [name, path, body] of [
          ['the other in the path', this.#worlds.victim, this.#worlds.attacker],
          ['the other in the body', this.#worlds.attacker, this.#worlds.victim],
          ['the other in both', this.#worlds.victim, this.#worlds.victim],
        ] as const) {
          await this.#observe(where, `${attempt.name}: ${name}`, () =>
            this.#ask(endpoint, attempt, path, ATTACKER.tenant, body),
          )
        }
        const own = await this.#observe(where, `${attempt.name}: its own`, () =>
          this.#ask(endpoint, attempt, this.#worlds.attacker, ATTACKER.tenant),
        )
        this.#report.control(where, isFine(own), `its own tenant is answered ${own.status} ${own.text.slice(0, 160)}`)
      }
    }
  }

  get #reads(): readonly Endpoint[] {
    return this.#endpoints.filter(({ route }) => isRead(route?.method))
  }

  /** Each parameter of the path may be the key of any entity, all of them of one at a time; each of the query anything. */
  #attempts(endpoint: Endpoint): readonly Attempt[] {
    const parameters = pathParameters(endpoint)
    const queries = [undefined, ...queryNames(endpoint)]
    if (parameters.length === 0) return queries.map((query) => ({ name: query ?? 'as it is', entities: [], query }))
    const entities = this.#worlds.scoped
    const choices =
      parameters.length === 1
        ? entities.map((each) => [each])
        : entities.flatMap((one) => entities.map((other) => [one, other]))
    return choices.flatMap((each) =>
      queries.map((query) => ({
        name: [each.map(({ name }) => name).join(' and '), query].filter(Boolean).join(', '),
        entities: each,
        query,
      })),
    )
  }

  /** @param world - Whose keys and values are named; none: those of nobody. */
  async #ask(
    endpoint: Endpoint,
    { entities, query }: Attempt,
    world: TenantWorld | undefined,
    tenant: string,
    bodyWorld: TenantWorld | undefined = world,
  ): Promise<Answer> {
    const { method, path } = endpoint.route!
    const parameters = pathParameters(endpoint)
    const filled = parameters.reduce((text, name, index) => {
      // What is deleted here is not what others are linked to later.
      const row = method === 'DELETE' ? ROWS : 1
      const key = this.#key(entities[Math.min(index, entities.length - 1)], world, row)
      return text.replace(`:${name}`, encodeURIComponent(String(key)))
    }, path)
    const search = query === undefined ? '' : `?${query}=${encodeURIComponent(world ? `${world.name.mark}1` : 'qznx1')}`
    const body = isRead(method) ? undefined : this.#body(endpoint, bodyWorld)
    const response = await this.#send(this.#principal(tenant), filled + search, {
      method,
      ...(body === undefined ? {} : { json: body }),
    })
    return { status: response.status, text: await response.text() }
  }

  #key(metadata: Metadata | undefined, world: TenantWorld | undefined, row: number): string | number {
    const known = metadata && (world ?? this.#worlds.attacker).keyOf(metadata, row)
    if (world) return known ?? NOWHERE.text
    return typeof known === 'number' ? NOWHERE.number : NOWHERE.text
  }

  #body(endpoint: Endpoint, world: TenantWorld | undefined): unknown {
    const named = (entity: string): string | number | undefined => {
      const metadata = this.#worlds.scoped.find(({ name }) => name.toLowerCase() === entity.toLowerCase())
      return metadata && (world ?? this.#worlds.attacker).keyOf(metadata, 1)
    }
    const own = this.#bodies[describe(endpoint)]
    if (own) return own(named)
    const parameter = endpoint.parameters.find(({ source }) => source?.kind === 'body')
    return parameter && draftBody(parameter.type, ATTACKER.mark, (field) => named(field.replace(/(_?ids?|s)$/i, '')))
  }

  #compare(where: string, attack: string, expected: Answer, seen: Answer): void {
    this.#report.attacks += 1
    if (seen.text.includes(VICTIM.mark)) {
      this.#report.find(where, attack, `answers what is the other's: ${seen.text.slice(0, 200)}`)
    } else if (seen.status !== expected.status || masked(seen.text) !== masked(expected.text)) {
      this.#report.find(
        where,
        attack,
        `answers ${seen.status} ${seen.text.slice(0, 200)}, and ${expected.status} ${expected.text.slice(0, 200)} without it`,
      )
    }
  }

  #requireNoMark(where: string, attack: string, seen: Answer): void {
    this.#report.attacks += 1
    if (seen.text.includes(VICTIM.mark))
      this.#report.find(where, attack, `answers what is the other's: ${seen.text.slice(0, 200)}`)
  }

  /** A place in the other's list, in every parameter that may take one. */
  async #attackCursor(endpoint: Endpoint, attempt: Attempt, theirs: Answer): Promise<void> {
    const cursor = /"(?:next|cursor|after)":"([^"]+)"/.exec(theirs.text)?.[1]
    if (cursor === undefined) return
    for (const name of queryNames(endpoint)) {
      const { method, path } = endpoint.route!
      if (pathParameters(endpoint).length > 0) return
      const response = await this.#send(
        this.#principal(ATTACKER.tenant),
        `${path}?${name}=${encodeURIComponent(cursor)}`,
        { method },
      )
      this.#requireNoMark(describe(endpoint), `${attempt.name}: a cursor of the other in ${name}`, {
        status: response.status,
        text: await response.text(),
      })
    }
  }

  /** Names the other tenant outright, in the header that many applications use. */
  async #attackNames(endpoint: Endpoint, attempt: Attempt): Promise<void> {
    if (attempt.entities.length > 0 || attempt.query !== undefined) return
    const { method, path } = endpoint.route!
    const response = await this.#send(this.#principal(ATTACKER.tenant), path, {
      method,
      headers: { 'x-tenant-id': VICTIM.tenant },
    })
    this.#requireNoMark(describe(endpoint), 'the name of the other in a header', {
      status: response.status,
      text: await response.text(),
    })
  }

  async #observe(where: string, attack: string, work: () => Promise<Answer>): Promise<Answer> {
    const answer = await work()
    this.#requireNoMark(where, attack, answer)
    if (await this.#worlds.isHarmed())
      this.#report.find(where, attack, "changes another tenant's rows, or links to them")
    return answer
  }
}

export function describe({ route, name }: Endpoint): string {
  return route ? `${route.method} ${route.path}` : name
}

function nameOf(endpoint: Endpoint, { name }: Attempt): string {
  return `${describe(endpoint)} ${name}`
}

function pathParameters({ route }: Endpoint): readonly string[] {
  return [...(route?.path ?? '').matchAll(/:(\w+)/g)].map(([, name = '']) => name)
}

/** Named parameters, and the fields of DTOs. */
function queryNames({ parameters }: Endpoint): readonly string[] {
  return parameters.flatMap(({ source, type }) => {
    if (source?.kind !== 'query') return []
    if (source.name !== undefined) return [source.name]
    return Object.keys(draftBody(type, 'x', () => 'x') ?? {})
  })
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD'
}

function isFine({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

/** Without what differs from call to call: ids of traces, and the keys that were asked for. */
function masked(text: string): string {
  return text
    .replaceAll(/"(?:traceId|requestId|instance)":"[^"]*"/g, '')
    .replaceAll(new RegExp(`${NOWHERE.number}|${NOWHERE.text}|\\b[0-9a-f]{8}-[0-9a-f-]{27}\\b`, 'g'), '?')
    .replaceAll(/qz[abn]x\d*/g, '?')
    .replaceAll(/(?<="detail":"[^"]*)\d+/g, '?')
}
