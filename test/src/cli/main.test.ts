import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

import { writeProject } from './check-projects.ts'
import { runBinary, runTool, type ToolRun } from './tool-run.ts'

const SHOP = fileURLToPath(new URL('apps/shop-module.js', import.meta.url))
const BROKEN = fileURLToPath(new URL('apps/broken-module.js', import.meta.url))

const shop = (...argv: readonly string[]): Promise<ToolRun> => runTool([...argv, '--app', SHOP])
const json = async (...argv: readonly string[]): Promise<unknown> =>
  JSON.parse((await shop(...argv, '--json')).output) as unknown

describe('tenon', () => {
  it('lists its own commands and those of the application', async () => {
    const { code, output } = await shop('help')

    expect(code).toBe(0)
    expect(output).toMatch(/^ {2}routes \[filter\] +\S/m)
    expect(output).toMatch(/^ {2}stock add <name> \[shelf\] +Adds goods$/m)
  })

  it('has help with options and an example for each of its commands', async () => {
    const { commands } = (await json('help')) as {
      commands: { name: string; examples: string[]; description: string }[]
    }

    for (const { name, examples, description } of commands) {
      const { code, output } = await shop(...name.split(':'), '--help')
      expect({ name, code, output: output.replaceAll(/\s+/g, ' ') }).toEqual({
        name,
        code: 0,
        output: expect.stringContaining(description),
      })
      expect(output).toContain('--json')
      expect(examples.length).toBeGreaterThan(0)
      expect(output).toContain(examples[0])
    }
    expect(commands.length).toBeGreaterThanOrEqual(17)
  })

  it.each([
    ['noun and verb', ['stock', 'add', 'nails', 'B2', '--amount', '12', '--dry-run']],
    ['one word', ['stock:add', 'nails', 'B2', '--amount=12', '--dry-run']],
  ])('runs a command of the application by %s', async (_form, argv) => {
    expect(await json(...argv)).toEqual({ name: 'nails', shelf: 'B2', amount: 12, dryRun: true, shop: 'Corner' })
  })

  it('prints the text of the answer, and progress beside it', async () => {
    expect(await shop('stock', 'add', 'nails')).toEqual({ code: 0, output: '1 nails\n', errors: 'counting\n' })
  })

  it('draws how far it is on a terminal, and takes it away at the end', async () => {
    const { output, errors } = await runTool(['stock', 'add', 'nails', '--app', SHOP], { columns: 60 })

    const [before, bar, after] = stripVTControlCharacters(errors).split('\r')
    expect([before, after]).toEqual(['', ''])
    expect(bar).toBe(`${'█'.repeat(12)}${'░'.repeat(12)} 1/2 counting`)
    expect(output).toBe('1 nails\n')
  })

  it('cuts tables and breaks help where the terminal ends', async () => {
    const [table, wide, help] = await Promise.all(
      [['routes'], ['routes', '--wide'], ['help']].map(async (words) => {
        const { output } = await runTool([...words, '--app', SHOP], { columns: 60 })
        return stripVTControlCharacters(output).trimEnd().split('\n')
      }),
    )

    expect(Math.max(...table!.map((line) => line.length))).toBeLessThanOrEqual(60)
    expect(table!.join('\n')).toContain('GoodsController.get')
    expect(wide!.join('\n')).toContain('lets in whoever is polite')
    const commands = help!.slice(help!.indexOf('Commands:'), help!.indexOf('Every command takes:'))
    expect(Math.max(...commands.map((line) => line.length))).toBeLessThanOrEqual(70)
  })

  it.each([
    [['rotes'], 'CLI_COMMAND_UNKNOWN', 'Did you mean routes?'],
    [['stock', 'ad', 'x'], 'CLI_COMMAND_UNKNOWN', 'Did you mean stock:add?'],
    [['routes', '--wid'], 'CLI_USAGE_INVALID', 'Did you mean --wide?'],
    [['stock', 'add'], 'CLI_USAGE_INVALID', "missing required argument 'name'"],
    [['graph', '--format', 'svg'], 'CLI_OPTION_INVALID', 'one of mermaid, dot, json'],
    [['why', 'Stok'], 'CLI_QUESTION_UNKNOWN', 'Did you mean Stock?'],
    [['explain', 'GET', '/good'], 'CLI_QUESTION_UNKNOWN', 'Did you mean GET /goods?'],
    [['explain', 'APP_CLOSE'], 'CLI_QUESTION_UNKNOWN', 'Did you mean APP_CLOSED?'],
    [['console', '--sandbox'], 'CLI_SANDBOX_MISSING', 'can take back'],
    [['stock', 'add', 'x', '--amount', 'many'], 'REQUEST_PARAMETER_INVALID', '--amount'],
  ])('says what is wrong with %j', async (argv, errorCode, text) => {
    const { code, errors } = await shop(...argv)

    expect(code).toBe(2)
    expect(errors).toContain(`error ${errorCode}`)
    expect(errors).toContain(text)
    expect(errors).toMatch(/fix: {2}\S/)
  })

  it('says errors in JSON where that is asked for', async () => {
    expect(await json('rotes')).toEqual({
      error: {
        code: 'CLI_COMMAND_UNKNOWN',
        message: 'There is no command "rotes". Did you mean routes?',
        help: 'Run tenon help for the list of commands.',
      },
    })
  })

  it.each([
    ['no such file', 'nowhere.js', 'CLI_APP_NOT_FOUND'],
    ['a file without a module', fileURLToPath(new URL('tool-run.js', import.meta.url)), 'CLI_APP_WITHOUT_MODULE'],
    ['a file that does not load', fileURLToPath(new URL('main.test.js.map', import.meta.url)), 'CLI_APP_UNREADABLE'],
  ])('ends with 3 for %s', async (_case, app, errorCode) => {
    const { code, errors } = await runTool(['routes', '--app', app])

    expect(code).toBe(3)
    expect(errors).toContain(errorCode)
  })

  it('prints diagnostics of a program that does not hold together, with their code frames', async () => {
    const { code, errors } = await runTool(['routes', '--app', BROKEN])

    expect(code).toBe(3)
    expect(errors).toContain('error WIRING_PROVIDER_MISSING at test/src/cli/apps/broken-module.ts:9:')
    expect(errors).toContain('  >  9 |   constructor(readonly till: Till) {}')
  })

  it('runs as a program: without colours in a pipe, with the exit code of the command', async () => {
    const [version, unknown] = await Promise.all([runBinary(['version', '--json']), runBinary(['rotes'])])

    expect(JSON.parse(version.output)).toEqual({ tenon: expect.any(String), node: process.versions.node })
    expect(version.code).toBe(0)
    expect(unknown.code).toBe(2)
    expect(unknown.errors).toMatch(/^error CLI_COMMAND_UNKNOWN\n/)
  })
})

describe('tenon test', () => {
  it('runs the command of a module that has the name, and tells its help', async () => {
    expect(await shop('test', 'shelves')).toMatchObject({ code: 0, output: 'Nothing fell.\n' })
    expect((await shop('help', 'test', 'shelves')).output).toContain('Usage: tenon test shelves')
    expect((await shop('test', 'shelves', '--help')).output).toContain('Shakes the shelves')
  })

  it('proves that the tenants of the starter kit are kept apart', async () => {
    const { output, errors } = await runTool(['test', 'tenancy', '--roles', 'admin', '--json'])

    expect(errors).toBe('')
    expect(JSON.parse(output)).toMatchObject({ findings: [], attacks: expect.any(Number) })
  })
})

describe('tenon routes', () => {
  it('shows method, path, access and chain', async () => {
    const { output } = await shop('routes', 'goods')

    expect(output).toMatch(/^GET +\/goods +public +GoodsController\.list$/m)
    expect(output).toMatch(/^GET +\/goods\/:id +lets in whoever is polite +Doorman +GoodsController\.get$/m)
  })

  it('says of access what a caller must be, and nothing of masks and limits', async () => {
    const { output } = await runTool(['routes', '--json'])

    const routes = JSON.parse(output) as readonly { method: string; path: string; access: string; chain: string[] }[]
    const access = Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, each.access]))
    expect(access).toMatchObject({
      'GET /health/ready': 'public',
      'GET /api/auth/me': 'authenticated',
      'GET /api/me': 'authenticated, own tenant',
      'POST /api/auth/email': 'authenticated by session or bearer',
      'GET /api/tickets': 'own tenant, permission tickets:read, read Ticket',
      'POST /api/invitations': 'own tenant, permission members:manage',
      'GET /observe/log-level': 'authenticated, role operator',
    })
    expect(routes.every(({ access: each }) => !/Mask|Limits|lets through/.test(each))).toBe(true)
    expect(routes.some(({ chain }) => chain.includes('MaskInterceptor'))).toBe(true)
  })
})

describe('tenon explain', () => {
  it('shows each link of the chain with its phase, what it does and where it is written', async () => {
    const answer = await json('explain', 'GET', '/goods/7')

    expect(answer).toMatchObject({
      handler: 'GoodsController.get',
      chain: [
        {
          name: 'Doorman',
          phase: 'authorize',
          level: 'application',
          description: { does: 'lets in whoever is polite' },
          at: expect.stringMatching(/^test\/src\/cli\/apps\/shop-module\.ts:\d+/),
        },
      ],
      binding: ['param id: Number'],
      skipped: [],
    })
  })

  it('shows what was left out, and why', async () => {
    expect(await json('explain', 'GoodsController.list')).toMatchObject({
      chain: [],
      skipped: [{ name: 'Doorman', reason: 'everybody may look' }],
    })
  })

  it('explains a command and an error code', async () => {
    expect(await json('explain', 'stock:add')).toMatchObject({ handler: 'Stock.add' })
    expect(await json('explain', 'APP_CLOSED')).toMatchObject({ text: expect.stringContaining('Fix: ') })
  })
})

describe('tenon why', () => {
  it.each([
    ['Stock', { kind: 'provider', module: 'ShopModule', needs: ['ShopConfig'], lifetime: 'singleton' }],
    ['ShopModule', { kind: 'module', provides: expect.arrayContaining(['Stock']) }],
    ['GET /goods/7', { kind: 'route', route: 'GET /goods/:id', handler: 'GoodsController.get' }],
    ['SHOP_NAME', { kind: 'setting', value: '"Corner"', origin: 'default', module: 'ShopModule' }],
  ])('answers for %s', async (question, answer) => {
    expect(await json('why', question)).toMatchObject(answer)
  })
})

describe('tenon graph', () => {
  it('draws modules and providers in Mermaid and DOT, and answers both as data', async () => {
    const [mermaid, dot, data] = await Promise.all([
      shop('graph'),
      shop('graph', '--of', 'providers', '--format', 'dot'),
      json('graph', '--module', 'ShopModule'),
    ])

    expect(mermaid.output).toMatch(/^flowchart LR\n/)
    expect(mermaid.output).toContain('["ShopModule"]')
    expect(dot.output).toContain('"Stock" -> "ShopConfig";')
    expect(data).toMatchObject({
      modules: [{ name: 'ShopModule', imports: [] }],
      endpoints: expect.arrayContaining([{ name: 'Stock.add', entry: 'tenon stock:add', module: 'ShopModule' }]),
    })
  })
})

describe('tenon config', () => {
  it('lists values with their origin', async () => {
    expect(await json('config', 'shop')).toEqual([
      expect.objectContaining({ variable: 'SHOP_NAME', value: '"Corner"', origin: 'default' }),
      expect.objectContaining({ variable: 'SHOP_KEY', origin: 'unset' }),
    ])
  })

  it('masks secrets and says from which file a value came', async () => {
    const folder = writeProject('config', {
      'package.json': JSON.stringify({ tenon: { app: SHOP } }),
      '.env': 'SHOP_KEY=hunter2hunter2\nSHOP_NAME=Market\n',
    })

    const { output } = await runTool(['config', 'shop', '--app', SHOP], { cwd: folder })

    expect(output).toMatch(/SHOP_NAME +"?Market"? +\.env$/m)
    expect(output).not.toContain('hunter2')
  })

  it('writes an example of an .env file', async () => {
    expect((await shop('config', 'shop', '--env-example')).output).toContain(
      '## shop\n# What stands above the door\n#SHOP_NAME=',
    )
  })
})

describe('tenon info and doctor', () => {
  it('say what there is', async () => {
    expect(await json('info')).toMatchObject({ node: process.versions.node, application: { routes: 4, commands: 2 } })
  })

  it('examine the machine, each with a finding', async () => {
    const cwd = writeProject('doctor', { 'package.json': '{ "dependencies": {} }' })
    const { output } = await runTool(['doctor', '--json', '--app', SHOP], { cwd })
    const examined = JSON.parse(output) as { what: string; state: string }[]

    expect(examined.map(({ what }) => what)).toEqual([
      'node',
      'packages',
      'program',
      'settings',
      'database',
      'port',
      'clock',
      'folder',
    ])
    expect(examined.filter(({ what }) => what !== 'port').map(({ state }) => state)).toEqual(Array(7).fill('ok'))
  })

  it('find what is wrong, with the fix', async () => {
    const { code, output } = await runTool(['doctor', '--app', BROKEN])

    expect(code).toBe(1)
    expect(output).toMatch(/bad +program +1 errors, first WIRING_PROVIDER_MISSING\n +fix: tenon check/)
  })
})

describe('tenon check', () => {
  it('ends with 1 when there are errors, and answers them as data', async () => {
    const { code, output } = await runTool(['check', '--json', '--app', BROKEN])

    expect(code).toBe(1)
    expect(JSON.parse(output)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'WIRING_PROVIDER_MISSING', at: expect.objectContaining({ line: 9 }) }),
      ]),
    })
  })

  it('answers SARIF 2.1.0', async () => {
    const { output } = await runTool(['check', '--sarif', '--app', BROKEN])
    const sarif = JSON.parse(output) as {
      runs: { results: { ruleIndex: number; ruleId: string }[]; tool: { driver: { rules: { id: string }[] } } }[]
    }
    const [{ results, tool }] = sarif.runs as [(typeof sarif.runs)[number]]

    expect(sarif).toMatchObject({ version: '2.1.0' })
    expect(results.find(({ ruleId }) => ruleId === 'WIRING_PROVIDER_MISSING')).toMatchObject({
      ruleId: 'WIRING_PROVIDER_MISSING',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'test/src/cli/apps/broken-module.ts', uriBaseId: '%SRCROOT%' },
            region: { startLine: 9 },
          },
        },
      ],
    })
    expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]!.id)).toEqual(
      results.map(({ ruleId }) => ruleId),
    )
  })
})

describe('tenon console', () => {
  it('evaluates lines inside the application, as whom it is told', async () => {
    const typed = 'stock.constructor.name\nawait get(container.constructor)\nas("ann").id\ntenant("acme")\nctx.tenant\n'

    const { output } = await runTool(['console', '--app', SHOP], { typed })

    expect(output).toContain("'Stock'")
    expect(output).toContain("tenon ann@acme> 'acme'")
  })
})

describe('tenon completion', () => {
  it.each(['bash', 'zsh', 'fish'])('knows commands and their options in %s', async (shell) => {
    const { output } = await shop('completion', shell)

    expect(output).toMatch(/\bstock\b/)
    expect(output).toContain('--dry-run')
    expect(output).toContain('--sarif')
  })

  it('is refused for another shell', async () => {
    expect((await shop('completion', 'cmd')).code).toBe(2)
  })
})
