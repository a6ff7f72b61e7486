import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { TOOL_COMMANDS } from '../../src/cli/tool-commands.ts'
import { curl } from './curl.ts'
import { readPage, readPages, ROOT } from './pages.ts'
import { difference, place, readMaterial, type Program } from './material.ts'
import { compileProject, runPrograms, runTests, Served } from './project.ts'
import { readSettings } from './settings.ts'

interface Manifest {
  readonly name: string
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const pages = readPages()
const material = readMaterial(pages.flatMap((page) => page.blocks))
const programs = (task: Program['task']): readonly Program[] => material.programs.filter((each) => each.task === task)

describe('The code blocks of the pages', () => {
  let compiled: Promise<string>
  beforeAll(() => {
    compiled = compileProject(material)
  })

  it('compile in strict mode against the published entries', async () => {
    expect(await compiled).toBe('')
  })

  it('print what the page says', async () => {
    await compiled
    const executed = programs('run')

    const runs = await runPrograms(executed)

    const wrong = executed.flatMap((program) => {
      const { printed, error } = runs.get(program)!
      const found = error ?? difference(printed, program.expected!)
      return found === undefined ? [] : [`${place(program)} expects ${program.expected!.text}\n${found}`]
    })
    expect(executed.length).toBeGreaterThan(0)
    expect(wrong.join('\n\n')).toBe('')
  })

  it('pass as tests, run with the configuration of the page', async () => {
    await compiled

    const { code, output } = await runTests()

    expect(code === 0 ? '' : output).toBe('')
    expect(output).toContain(`Test Suites: ${programs('test').length} passed`)
  })

  it('serve what the curl lines ask for, and stop at Ctrl-C', async () => {
    await compiled
    const servers = programs('serve')

    for (const program of servers) {
      const server = await Served.start(program)
      const asked = material.commands.filter(({ page, text }) => page === program.page && text.startsWith('curl '))
      const wrong: string[] = []
      for (const command of asked) {
        const printed = await curl(command.text, server.url)
        const found = command.expected ? difference(printed, command.expected) : undefined
        if (found !== undefined) wrong.push(`${place(command)} ${command.text}: ${found}`)
      }
      const { code, output } = await server.stop()
      expect({ wrong, code, output: code === 0 ? '' : output }).toEqual({ wrong: [], code: 0, output: '' })
      expect(asked.length).toBeGreaterThan(0)
    }
    expect(servers.length).toBeGreaterThan(0)
  })

  it('name commands, scripts and packages that exist', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
    const served = new Set(programs('serve').map(({ page }) => page))
    const optional = readFileSync(join(ROOT, 'docs/modules/data.md'), 'utf8')

    const unknown = material.commands.filter(({ page, text }) => {
      const [program, first = '', ...rest] = text.split(' ')
      if (program === 'curl') return !served.has(page) && page !== 'README.md'
      if (program === 'node') return !served.has(page)
      // Executed by the test of the page on the tool.
      if (program === 'tenon') return page !== 'docs/guide/cli.md' && !toolKnows(first)
      if (program === 'npx') return !(first in { tsc: true, jest: true })
      if (program !== 'npm') return true
      if (first === 'run') return !((rest[0] ?? '') in manifest.scripts)
      if (first !== 'install') return !(first in manifest.scripts)
      const known = {
        [manifest.name]: '',
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.peerDependencies,
      }
      return rest.some((word) => !word.startsWith('-') && !(word in known) && !optional.includes(word))
    })

    expect(unknown.map((command) => `${place(command)} ${command.text}`)).toEqual([])
  })

  it('set variables that something reads', async () => {
    const known = new Set((await readSettings()).map(({ variable }) => variable))
    const ofPage = (page: string): string =>
      material.programs
        .filter((each) => each.page === page)
        .map(({ source }) => source)
        .join('\n')

    const unknown = material.variables.flatMap((block) =>
      Object.keys(parseEnv(block.text))
        .filter((name) => !known.has(name) && name !== 'TENON_ENV' && !ofPage(block.page).includes(`'${name}'`))
        .map((name) => `${place(block)} ${name}`),
    )

    expect(unknown).toEqual([])
  })
})

describe('A page', () => {
  const fence = (info: string, text = ''): string => `\`\`\`${info}\n${text}\n\`\`\`\n`
  const read = (text: string): unknown => readMaterial(readPage('docs/a.md', text).blocks)

  it.each([
    ['a block of a kind nobody checks', fence('yaml')],
    ['a block without a kind', fence('')],
    ['output that belongs to nothing', `${fence('ts')}${fence('json', '{}')}`],
    ['a word that means nothing', fence('ts ignore')],
    ['a program that promises nothing', fence('ts run', 'console.log(1)')],
    ['a promise that is not kept by running', fence('ts', 'console.log(1) // → 1')],
    ['a continuation of nothing', fence('ts continued')],
    ['a block that is indented', '   ```ts\n```\n'],
    ['a block that is not closed', '```ts\n'],
  ])('with %s is refused', (_case, text) => {
    expect(() => read(text)).toThrow(/^docs\/a\.md:\d+ /)
  })

  it('is compared with what is printed, up to what the page leaves open', () => {
    const expected = { kind: 'json', text: '{ "code": "A", "traceId": "…" }' } as const

    expect(difference('{"traceId":"1","code":"A"}', expected)).toBeUndefined()
    expect(difference('{"traceId":"1","code":"B"}', expected)).toMatch('printed')
    expect(difference('{"code":"A"}', expected)).toMatch('printed')
    expect(difference('{"code":"A","traceId":"1","more":1}', expected)).toMatch('printed')
    expect(difference('a 7 b', { kind: 'text', text: 'a … b' })).toBeUndefined()
    expect(difference('a 7 c', { kind: 'text', text: 'a … b' })).toMatch('printed')
  })
})

/** Commands of the tool; those that modules bring are written with their noun, and found in the modules. */
function toolKnows(noun: string): boolean {
  if (Object.hasOwn(TOOL_COMMANDS, noun)) return true
  return globSync('modules/**/*.ts', { cwd: ROOT }).some((file) =>
    readFileSync(join(ROOT, file), 'utf8').includes(`@Command('${noun}:`),
  )
}
