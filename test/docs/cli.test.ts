import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { writeProject } from '../src/cli/check-projects.ts'
import { runLines } from '../src/cli/run-lines.ts'
import type { ToolRun } from '../src/cli/tool-run.ts'
import { difference, readMaterial } from './material.ts'
import { readPages, ROOT } from './pages.ts'

describe('The page on the tool', () => {
  const page = readPages().find(({ path }) => path === 'docs/guide/cli.md')!
  const { commands, programs } = readMaterial(page.blocks)
  const folder = writeProject('cli-guide', {
    'package.json': '{ "name": "shop", "type": "module", "tenon": { "app": "app-module.ts" } }',
    'app-module.ts': programs[0]!.source,
    '.env': 'DATABASE_MIGRATIONS=migrations\n',
  })

  beforeAll(() => {
    for (const each of ['node_modules', 'migrations', 'data']) mkdirSync(join(folder, each))
    symlinkSync(ROOT, join(folder, 'node_modules', 'tenon'), 'junction')
    for (const name of ['class-transformer', 'class-validator']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
    }
  })

  it('shows what the commands print', async () => {
    // What runs on and on, or compiles, is asked for its help.
    const lines = commands.map(({ text, expected }) => {
      const argv = text.split(' ').slice(1)
      return expected ? argv : [...argv.slice(0, 1), '--help']
    })

    const runs = await runLines(lines, { cwd: folder })

    const wrong = commands.flatMap(({ text, expected, line }, index) => {
      const { code, output, errors } = runs[index]!
      const printed = expected?.text.startsWith('error ') ? errors : output
      const found = expected ? difference(printed, expected) : code === 0 ? undefined : `ended with ${code}`
      return found === undefined ? [] : [`${page.path}:${line} ${text}: ${found}\n${errors}`]
    })
    expect(wrong.join('\n\n')).toBe('')
    expect(commands.length).toBeGreaterThan(25)
  })

  it('names every command of the tool', async () => {
    const [{ output }] = (await runLines([['help', '--json']], { cwd: folder })) as [ToolRun]
    const { commands: all, contributed } = JSON.parse(output) as Record<string, { name: string }[]>
    const text = page.prose.join('\n') + page.blocks.map((block) => block.text).join('\n')

    const unnamed = [...all!, ...contributed!]
      .map(({ name }) => name.replace(':', ' '))
      .filter((name) => !text.includes(name))
    expect(unnamed).toEqual([])
  })
})
