import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'

import { AUTHS, DATABASES, TEMPLATES, TENANCIES, type Answers } from '../../../src/cli/new/choices.ts'
import { unfitChoice } from '../../../src/cli/new/unfit-choices.ts'
import { ROOT } from '../../docs/pages.ts'
import { databaseUrls } from './generate/databases.ts'
import { ScratchProject } from './generate/scratch-project.ts'
import { Served } from './served.ts'
import { DOWN, ENTER, Terminal } from './terminal.ts'
import { runTool } from './tool-run.ts'

const FOLDER = join(ROOT, 'dist', 'scratch-projects')

const EVERY: readonly Answers[] = TEMPLATES.flatMap((template) =>
  DATABASES.flatMap((database) =>
    AUTHS.flatMap((auth) => TENANCIES.map((tenancy) => ({ template, database, auth, tenancy }))),
  ),
)
const OFFERED = EVERY.filter((answers) => unfitChoice(answers) === undefined)

/** The rest is tried in long runs; the first ten minutes try the usual API and the starter kit. */
const QUICK: readonly Answers[] = [{ template: 'hello', database: 'sqlite', auth: 'none', tenancy: 'none' }]
const TRIED = process.env['FULL'] ? OFFERED : QUICK

describe('tenon new', () => {
  it.each(TRIED.map((answers) => [nameOf(answers), answers] as const))(
    'makes of %s what compiles, lints, is formatted, checks, passes its tests and starts in production',
    async (name, answers) => {
      const project = await make(name, answers)

      expect(await project.compile()).toEqual({ code: 0, output: '' })
      expect((await project.lint()).output).toContain('Found 0 warnings and 0 errors.')
      expect((await project.format()).output).toContain('All matched files use the correct format.')
      expect(JSON.parse((await project.tool(['check', '--json'])).output)).toMatchObject({
        findings: [],
        notProved: [],
      })
      expect((await project.jest()).output).toMatch(/Tests: +(\d+) passed, \1 total/)
      expect(variables(project.read('.env.example'))).toEqual(
        variables((await project.tool(['config', '--env-example'])).output),
      )
      expect(await project.git('status', '--short')).not.toMatch(/node_modules|\.env$/m)
      expect(await project.healthInProduction(answers)).toMatch(/^(?:200|not asked)$/)
    },
  )

  it('makes of the starter kit what compiles, with the driver that was chosen', async () => {
    const answers: Answers = { template: 'enterprise', database: 'mariadb', auth: 'accounts', tenancy: 'column' }
    const project = await make('new-enterprise', answers)

    expect(await project.compile()).toEqual({ code: 0, output: '' })
    expect((await project.format()).output).toContain('All matched files use the correct format.')
    const needed = ['@simplewebauthn/server', 'mysql2', 'openid-client', 'qrcode']
    expect(Object.keys(JSON.parse(project.read('package.json')).dependencies)).toEqual(expect.arrayContaining(needed))
  })

  it('writes the resource of the sample as the generator would', async () => {
    const project = await make('new-as-generated', { ...QUICK[0]!, template: 'api' })
    const files = (folder: string): readonly string[] => project.files(folder).map((path) => project.read(path))
    const written = [...files('src/tasks'), ...files('test/tasks')]

    const words = 'generate resource task title:string dueOn:date? isDone:boolean=false --force'
    expect(await project.tenon(...words.split(' '))).toMatchObject({ code: 0 })

    const stamp = /CreateTasks\d+/g
    expect([...files('src/tasks'), ...files('test/tasks')].map((text) => text.replaceAll(stamp, ''))).toEqual(
      written.map((text) => text.replaceAll(stamp, '')),
    )
  })

  it('makes nothing for Ctrl+C', async () => {
    const { code, output } = await runTool(['new', 'left', '--cwd', FOLDER], { isInteractive: true, typed: '\u0003' })

    expect(code).toBe(130)
    expect(output).toContain('Nothing was made.')
    expect(existsSync(join(FOLDER, 'left'))).toBe(false)
  })

  it('asks at a terminal, and writes the answers into settings, container and dependencies, and no secret into what is committed', async () => {
    rmSync(join(FOLDER, 'new-settings'), { recursive: true, force: true })
    mkdirSync(FOLDER, { recursive: true })
    const words = ['new', 'new-settings', '--database', 'postgres', '--skip-install', '--skip-git']
    await using terminal = new Terminal(words, FOLDER)

    await terminal.answer('Which template?', ENTER)
    await terminal.answer('Who calls?', DOWN, ENTER)
    await terminal.answer('several tenants?', DOWN, DOWN, DOWN, ENTER)

    expect(await terminal.ended).toBe(0)
    expect(terminal.shown).not.toContain('Which database?')
    expect(terminal.shown).toContain('--template api --database postgres --auth tokens --tenancy database')
    expect(terminal.shown).toMatch(/\n└ [^\n]*\n\nsrc\/\n[^]*\nNext:\n {2}cd new-settings\n/)
    const project = new NewProject('new-settings', null)

    const example = project.read('.env.example')
    expect(example).toMatch(/^# Run pending migrations at start\n#DATABASE_MIGRATE=true$/m)
    expect(example).toMatch(/^#PORT=3000$/m)
    expect(example).toMatch(/^#DATABASE_CURSOR_SECRET=$/m)
    expect(example).toMatch(/^#AUTH_KEY_SECRET=$/m)
    expect(example).toMatch(/^TENANCY_STRATEGY=database$/m)
    expect(project.read('.env')).toMatch(
      /^DATABASE_URL=postgres:\/\/app:app@localhost:5432\/app\nTENANCY_STRATEGY=database\nAUTH_KEY_SECRET=[\w-]{43}\n$/,
    )
    const { services } = parse(project.read('compose.yaml')) as Compose
    expect(services['database']).toMatchObject({ image: 'postgres:18' })
    expect(services['app']!.environment!['AUTH_KEY_SECRET']).toBe('${AUTH_KEY_SECRET:?stands in .env}')
    expect(project.read('Dockerfile')).toContain('ENV NODE_ENV=production TENANCY_STRATEGY=database\n')
    expect(project.read('Dockerfile')).toContain('USER node')
    expect(JSON.parse(project.read('package.json'))).toMatchObject({ dependencies: { pg: expect.any(String) } })
  })

  it.each([
    ['--template hello --database postgres', 'the template hello has no database', '--template api'],
    ['--tenancy column', 'everybody may say they are of any tenant', '--auth accounts'],
    ['--auth tokens --tenancy schema', 'schemas for tenants are those of PostgreSQL', '--database postgres'],
    ['--template enterprise --auth tokens', 'programs have API keys there', '--template api'],
    ['--template enterprise --tenancy database', 'one table for all organisations', '--template api'],
  ])('refuses %s, says why, and what to choose', async (options, why, instead) => {
    const { code, errors } = await runTool(['new', 'unfit-choices', '--yes', '--cwd', FOLDER, ...options.split(' ')])

    expect(code).toBe(2)
    expect(errors).toContain('GENERATE_CHOICES_UNFIT')
    expect(errors.replaceAll(/\s+/g, ' ')).toContain(why)
    expect(errors.replaceAll(/\s+/g, ' ')).toContain(instead)
    expect(existsSync(join(FOLDER, 'unfit-choices'))).toBe(false)
  })

  it('offers something of every choice', () => {
    expect(OFFERED.length).toBeGreaterThanOrEqual(26)
    for (const value of [...TEMPLATES, ...DATABASES, ...AUTHS, ...TENANCIES])
      expect(OFFERED.some((answers) => Object.values(answers).includes(value))).toBe(true)
  })

  it('writes into no folder that is used, and under no name that npm would refuse', async () => {
    const project = new ScratchProject('new-taken')

    const taken = await runTool(['new', 'new-taken', '--cwd', FOLDER], { isInteractive: true })
    const odd = await runTool(['new', 'Odd_Name', '--yes', '--cwd', FOLDER])

    expect(taken.errors).toContain('GENERATE_FOLDER_TAKEN')
    expect(taken.output).toBe('')
    expect(odd.errors).toContain('GENERATE_NAME_UNUSABLE')
    expect(existsSync(join(project.folder, 'Dockerfile'))).toBe(false)
  })
})

interface Compose {
  readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, string>> }>>
}

class NewProject extends ScratchProject {
  /** Started as its container would be: with the settings of compose.yaml and of the image, on a database of the test. */
  async healthInProduction({ database, template }: Answers): Promise<string> {
    await using databases = new AsyncDisposableStack()
    const url = (await databaseUrls(databases)).find((each) => each.startsWith(`${database}:`))
    // The servers are asked in long runs.
    if (url === undefined) return 'not asked'
    const { services } = parse(this.read('compose.yaml')) as Compose
    const image = /^ENV (.*)$/m
      .exec(this.read('Dockerfile'))![1]!
      .split(' ')
      .map((each) => each.split('='))
    await using served = await Served.start(this.folder, {
      ...services['app']!.environment,
      ...(Object.fromEntries(image) as Record<string, string>),
      ...(template !== 'hello' && { DATABASE_URL: url }),
      ...(services['app']!.environment?.['AUTH_KEY_SECRET'] && { AUTH_KEY_SECRET: 'x'.repeat(32) }),
    })
    return String((await fetch(`${served.url}/health/ready`)).status)
  }
}

/** The repository stands for what npm would install. */
async function make(name: string, { template, database, auth, tenancy }: Answers): Promise<NewProject> {
  rmSync(join(FOLDER, name), { recursive: true, force: true })
  const options = ['--template', template, '--database', database, '--auth', auth, '--tenancy', tenancy]
  const run = await runTool(['new', name, '--yes', '--skip-install', '--cwd', FOLDER, ...options])
  expect(run).toMatchObject({ code: 0, errors: '' })
  const project = new NewProject(name, null)
  return project
}

function nameOf({ template, database, auth, tenancy }: Answers): string {
  return `new-${template}-${database}-${auth}-${tenancy}`
}

/** Their names, in order. */
function variables(example: string): readonly string[] {
  return [...example.matchAll(/^#?([A-Z][A-Z\d_]*)=/gm)].map(([, name]) => name!).toSorted()
}
