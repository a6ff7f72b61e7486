import { ModuleGraph } from 'tenon'
import { runAsTenant } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { Collector } from '../observability/collector.ts'
import { readMetrics } from '../observability/metrics/read-metrics.ts'
import { DoorsModule, Marks, Notes } from './doors-program.ts'
import { commands, methods, routes, unanswered, type Door, type OpenDoor } from './doors.ts'
import { kindOf, transportsInSource } from './kinds.ts'

const ROOT = new URL('../../../../', import.meta.url)

const CONCERNS = [
  'trace',
  'log',
  'metric',
  'rate limit',
  'auth',
  'access',
  'tenant',
  'version',
  'validate',
  'transact',
] as const

type Concern = (typeof CONCERNS)[number]
/** @param again - Opens the same kind in another application. */
type Proof = (door: Door, again: (env: Variables) => Promise<Door>) => Promise<void>
type Variables = Readonly<Record<string, string>>

interface Row {
  readonly open: OpenDoor
  /** In place of the proof that is the same for all: another one, or the reason why there is nothing to prove. */
  readonly differs: Readonly<Partial<Record<Concern, Proof | string>>>
}

const CLERK = { id: 'ada', roles: ['clerk'], tenant: 'acme' }
const VISITOR = { id: 'bob', roles: [], tenant: 'globex' }

/** What each kind shows, unless its row says otherwise: always one call that passes, and one that must not. */
const PROOFS: Readonly<Record<Concern, Proof>> = {
  async trace({ names }, again) {
    for (const [share, expected] of [
      ['1', 1],
      ['0', 0],
    ] as const) {
      await using collector = new Collector()
      const door = await again({ ...(await collector.variables()), OTEL_TRACES_SAMPLER_ARG: share })
      await door.ask('free')

      const spans = await collector.from(door.app)

      // The span of the call itself, not that of its handler.
      const ofCalls = spans.filter(({ name, parentSpanId }) => name === names.span && !parentSpanId)
      expect([share, ofCalls.length]).toEqual([share, expected])
    }
  },

  async log({ app, ask, names }) {
    expect(app.logs.lines.filter(({ message }) => message === 'handled')).toEqual([])
    await ask('free')
    await ask('free')

    const lines = app.logs.lines.filter(({ message }) => message === 'handled')

    expect(lines.map(({ fields }) => fields['endpoint'])).toEqual([names.endpoint, names.endpoint])
    expect(new Set(lines.map(({ fields }) => fields['requestId'])).size).toBe(2)
    expect(lines.every(({ fields }) => typeof fields['requestId'] === 'string')).toBe(true)
  },

  async metric({ app, ask, names }) {
    const counts = async (): Promise<number> => {
      const samples = readMetrics(await (await app.request('/metrics', { headers: OPEN_METRICS })).text())
      return samples
        .filter(
          ({ name, labels }) =>
            Object.entries({ name, ...labels }).filter(([label, value]) => names.metric[label] === value).length ===
            Object.keys(names.metric).length,
        )
        .reduce((sum, { value }) => sum + value, 0)
    }

    const before = await counts()
    await ask('free')
    await ask('free')

    expect([before, await counts()]).toEqual([0, 2])
  },

  async 'rate limit'({ ask }) {
    const first = await ask('limited', { as: CLERK })
    const second = await ask('limited', { as: CLERK })
    const unlimited = [await ask('free'), await ask('free')]

    expect([first.status, second.status, second.code]).toEqual([200, 429, 'SECURITY_RATE_LIMITED'])
    expect(unlimited.map(({ status }) => status)).toEqual([200, 200])
  },

  async auth({ ask }) {
    const known = await ask('known', { as: CLERK })
    const nobody = await ask('known')

    expect([known.status, known.value]).toEqual([200, 'ada'])
    expect([nobody.status, nobody.code]).toEqual([401, 'AUTH_REQUIRED'])
  },

  async access({ ask }) {
    const clerk = await ask('clerks', { as: CLERK })
    const visitor = await ask('clerks', { as: VISITOR })

    expect([clerk.status, clerk.value]).toEqual([200, 'clerks'])
    expect([visitor.status, visitor.code]).toEqual([403, 'ACCESS_REFUSED'])
  },

  async tenant({ app, ask }) {
    await writeNotes(app)

    const own = await ask('owned', { as: CLERK, tenant: 'acme' })
    const other = await ask('owned', { as: VISITOR })
    const foreign = await ask('owned', { as: CLERK, tenant: 'globex' })

    expect([own.value, other.value]).toEqual([['of acme'], ['of globex']])
    expect([foreign.status, foreign.code]).toEqual([403, 'TENANCY_TENANT_FOREIGN'])
  },

  async version({ ask }) {
    const versions = [await ask('versioned', { version: '1' }), await ask('versioned', { version: '2' })]
    const unknown = await ask('versioned', { version: '3' })

    expect(versions.map(({ value }) => value)).toEqual(['first', 'second'])
    expect([unknown.status, unknown.code]).toEqual([400, 'VERSIONING_VERSION_UNSUPPORTED'])
  },

  async validate({ ask }) {
    const fits = await ask('checked', { query: { size: 7 } })
    const tooLarge = await ask('checked', { query: { size: 11 } })

    expect([fits.status, fits.value]).toEqual([200, 7])
    expect([tooLarge.status, tooLarge.code]).toEqual([400, 'VALIDATION_FAILED'])
  },

  async transact({ app, ask }) {
    const marks = app.get(Marks)

    const loose = await ask('loose', { query: { fails: 1 } })
    const afterLoose = await marks.count()
    const whole = await ask('whole', { query: { fails: 1 } })
    const afterWhole = await marks.count()
    const kept = await ask('whole', { query: { fails: 0 } })

    expect([loose.status, whole.status, kept.status]).toEqual([500, 500, 200])
    expect([afterLoose, afterWhole, await marks.count()]).toEqual([1, 1, 2])
  },
}

const AT_THE_DOOR = 'It is no entry from outside: whoever calls it came in by an endpoint, where this was decided.'
const NOTHING_THERE = 'Nothing of the application is there: it answers no data and changes none.'

const ROWS: Readonly<Record<string, Row>> = {
  http: { open: routes('/plain', 'GET'), differs: {} },
  'http, events': { open: routes('/events', 'GET'), differs: {} },
  'http, upload': { open: routes('/upload', 'POST'), differs: {} },
  'http, unanswered': {
    open: unanswered,
    differs: {
      async log({ app, ask }) {
        for (const action of ['free', 'another method', 'options']) await ask(action)

        const lines = app.logs.lines.filter(
          ({ fields }) => fields['logger'] === 'http' && fields['route'] === undefined,
        )

        expect(lines.map(({ fields }) => [fields['endpoint'], fields['status']])).toEqual([
          ['Unanswered.notFound', 404],
          ['Unanswered.methodNotAllowed', 405],
          ['Unanswered.options', 204],
        ])
        expect(new Set(lines.map(({ fields }) => fields['requestId'])).size).toBe(3)
      },
      async 'rate limit'({ ask }) {
        const answers = []
        for (let call = 0; call <= 40; call += 1) answers.push(await ask(String(call)))

        expect(answers.filter(({ status }) => status === 404)).toHaveLength(40)
        expect(answers.at(-1)).toMatchObject({ status: 429, code: 'SECURITY_RATE_LIMITED' })
      },
      auth: NOTHING_THERE,
      access: NOTHING_THERE,
      tenant: NOTHING_THERE,
      version: 'There is no version of what is not there; the versions of a route are told by the route.',
      validate: 'It takes no arguments.',
      transact: NOTHING_THERE,
    },
  },
  command: {
    open: commands,
    differs: {
      auth: 'Whoever may run commands on the machine is its operator: the shell has proved it.',
      async access({ ask }) {
        const open = await ask('free')
        const clerks = await ask('clerks')

        expect([open.status, open.value]).toEqual([200, 'Commands.free'])
        expect([clerks.status, clerks.code]).toEqual([403, 'ACCESS_REFUSED'])
      },
      async tenant({ app, ask }) {
        await writeNotes(app)

        const acme = await ask('owned', { tenant: 'acme' })
        const globex = await ask('owned', { tenant: 'globex' })
        const nobody = await ask('owned')

        expect([acme.value, globex.value]).toEqual([['of acme'], ['of globex']])
        expect([nobody.status, nobody.code]).toEqual([400, 'TENANCY_TENANT_MISSING'])
      },
      version: 'Commands come with the release they are run from: there is one version of each.',
    },
  },
  method: {
    open: methods,
    differs: {
      'rate limit': AT_THE_DOOR,
      auth: AT_THE_DOOR,
      access: AT_THE_DOOR,
      tenant: AT_THE_DOOR,
      version: AT_THE_DOOR,
      validate: 'Its arguments come from code, which the compiler has checked.',
      async trace({ names }, again) {
        // Alone it begins a trace by `@Traced`, whatever callers decide.
        await using collector = new Collector()
        const { app, ask } = await again(await collector.variables())
        await ask('free')
        await ask('loose', { query: { fails: 0 } })

        const spans = await collector.from(app)

        expect(spans.filter(({ name }) => name === names.span)).toHaveLength(1)
        expect(spans.filter(({ name }) => name.includes('loose'))).toEqual([])
      },
    },
  },
  console: {
    open: methods,
    differs: Object.fromEntries(
      CONCERNS.map((concern) => [
        concern,
        'What is typed at the console is the context that other code is called in; no endpoint is called by it.',
      ]),
    ),
  },
}

const OPEN_METRICS = { accept: 'application/openmetrics-text; version=1.0.0' }

function open(env: Variables = {}): Promise<TestApp> {
  return testApp(DoorsModule).env(env).boot()
}

async function writeNotes(app: TestApp): Promise<void> {
  for (const tenant of ['acme', 'globex']) {
    await runAsTenant(tenant, () => app.get(Notes).insert({ text: `of ${tenant}` }))
  }
}

describe('The conformance matrix', () => {
  it('has a row for every kind of endpoint there is', async () => {
    await using app = await open()
    const inProgram = app.get(ModuleGraph).endpoints.map(kindOf)
    const words = new Set(Object.keys(ROWS).map((kind) => kind.split(',', 1)[0]!))
    const inSource = [...transportsInSource(ROOT)].filter((transport) => !words.has(transport))

    const missing = [...new Set([...inProgram, ...inSource])].filter((kind) => !(kind in ROWS))
    const gone = [...words].filter((transport) => !transportsInSource(ROOT).has(transport))

    expect({
      'kinds of endpoints without a row in this matrix: add one, with a proof or a reason for each column': missing,
      'rows of kinds that are gone': gone,
    }).toEqual({
      'kinds of endpoints without a row in this matrix: add one, with a proof or a reason for each column': [],
      'rows of kinds that are gone': [],
    })
    expect(inProgram).toEqual(expect.arrayContaining(['http', 'http, events', 'http, upload', 'command']))
  })

  describe.each(Object.entries(ROWS))('%s', (_kind, row) => {
    for (const concern of CONCERNS) {
      const proof = row.differs[concern] ?? PROOFS[concern]
      if (typeof proof === 'string') {
        it(`${concern} does not apply: ${proof}`, () => expect(proof).toMatch(/^[A-Z].{20,}\.$/))
      } else {
        it(`${concern} is proved`, async () => {
          await using app = await open()
          const proved = proof(row.open(app), async (env) => row.open(await open(env)))

          await expect(proved).resolves.toBeUndefined()
        })
      }
    }
  })
})
