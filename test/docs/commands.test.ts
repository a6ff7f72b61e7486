import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { CommandShape } from '../../src/cli/command-shape.ts'
import { parseLine } from '../../src/cli/parse-line.ts'
import { findCommand, readWords } from '../../src/cli/read-words.ts'
import { runLines } from '../src/cli/run-lines.ts'
import type { ToolRun } from '../src/cli/tool-run.ts'
import { ROOT } from './pages.ts'

const APP = join(ROOT, 'dist', 'test', 'src', 'cli', 'apps', 'every-module.js')

/** They run on and on, compile, install, write into the sources, or want somebody there; each has a test of its own. */
const TRIED_ELSEWHERE = /^tenon (?:bench|build|check|console|dev|new|start|test|profile|g|generate|destroy)\b/

const folder = mkdtempSync(join(tmpdir(), 'tenon-commands-'))
const [{ output }] = (await runLines([['help', '--json', '--app', APP]], { cwd: folder })) as [ToolRun]
const { commands, contributed } = JSON.parse(output) as Record<'commands' | 'contributed', readonly CommandShape[]>
const all = [...commands, ...contributed]
const examples = all.flatMap((shape) =>
  shape.examples.flatMap((line) => (line.startsWith('tenon ') ? [{ line, words: wordsOf(line), shape }] : [])),
)

afterAll(() => rmSync(folder, { recursive: true }))

describe('Commands', () => {
  it('are more than sixty, each with a description and an example', () => {
    expect(all.filter(({ description, examples: lines }) => description === '' || lines.length === 0)).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(60)
  })

  it.each(examples)('take what the example "$line" says', ({ words, shape }) => {
    const { rest } = findCommand(readWords(words).words, (name) => name === shape.name)!

    expect(() => parseLine(shape, rest)).not.toThrow()
  })

  const answering = examples.filter(({ line, shape }) => !TRIED_ELSEWHERE.test(line) && isTriedNow(shape.name))
  it('answer in JSON, or say in JSON why not', async () => {
    const lines = answering.map(({ words }) => [...words, '--json', '--app', APP])

    const runs = await runLines(lines, { cwd: folder, env: { TENON_ENV: 'test' } })

    const wrong = answering.flatMap(({ line }, index) => {
      const { code, output: printed, errors } = runs[index]!
      return isJson(printed) && code !== 2 ? [] : [`${line}: ${code}\n${printed}${errors}`]
    })
    expect(wrong.join('\n\n')).toBe('')
    expect(answering.length).toBeGreaterThan(10)
  })
})

/** Those that start the application are asked in long runs. */
function isTriedNow(name: string): boolean {
  return process.env['FULL'] !== undefined || !name.includes(':')
}

/** As a shell reads it, without what it does with the answer. */
function wordsOf(line: string): readonly string[] {
  const [command = ''] = line.split(/ (?:>|&&|\|) /)
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, bare]) => one ?? two ?? bare!).slice(1)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
