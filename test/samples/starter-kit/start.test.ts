import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { PRIORITIES, type Priority } from '../../../samples/starter-kit/tickets/ticket-priorities.ts'
import { Program } from '../program.ts'

const run = promisify(execFile)
const MAIN = '../../samples/starter-kit/main.js'
const WELCOME =
  /Service desk: (http:\/\/127\.0\.0\.1:\d+)\nDemo login: +(\S+) \/ (\S+)\nAPI: +\S+\/docs\nWhat happens: \S+\/_dev\n((?:curl .*\n){3})/

describe('The sample starter-kit, started for the first time', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'starter-kit-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('prints a login and three lines that work when pasted, and ends cleanly', async () => {
    await using program = new Program(MAIN, { cwd: folder })
    const [, url, email, password, lines = ''] = await program.prints(WELCOME)

    const answers: any[] = []
    for (const line of lines.trim().split('\n')) {
      const { stdout, stderr } = await run('/bin/sh', ['-c', line], {
        timeout: 10_000,
        env: { PATH: process.env['PATH'] },
      })
      expect(stderr).toBe('')
      answers.push(JSON.parse(stdout))
    }

    const [login, list, opened] = answers
    expect(login).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) })
    const urgency = list.items.map(({ priority }: { priority: string }) => PRIORITIES.indexOf(priority as Priority))
    expect(urgency).toHaveLength(3)
    expect(urgency).toEqual(urgency.toSorted((a: number, b: number) => b - a))
    expect(new Set(list.items.map(({ state }: { state: string }) => state))).toEqual(new Set(['open']))
    const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${login.accessToken}` } })
    const { id } = (await me.json()) as { id: string }
    expect(opened).toMatchObject({ id: expect.any(Number), state: 'open', requester: { id } })
    const again = await fetch(`${url}/api/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    expect(again.status).toBe(200)
    expect((await fetch(`${url}/_dev`)).status).toBe(200)
    expect(existsSync(join(folder, 'data/app.sqlite'))).toBe(true)
    expect(await program.stop('SIGINT')).toBe(0)
  })

  it('finds its data again when it is started once more', async () => {
    const totalOf = async (program: Program): Promise<number> => {
      const [, , , , lines = ''] = await program.prints(WELCOME)
      const [, list = '', open = ''] = lines.split('\n')
      await run('/bin/sh', ['-c', open], { timeout: 10_000 })
      const { stdout } = await run('/bin/sh', ['-c', list], { timeout: 10_000 })
      expect(await program.stop('SIGTERM')).toBe(0)
      return (JSON.parse(stdout) as { total: number }).total
    }

    await using first = new Program(MAIN, { cwd: folder })
    const before = await totalOf(first)
    await using second = new Program(MAIN, { cwd: folder })

    expect(await totalOf(second)).toBe(before + 1)
    expect(second.output).not.toContain('Demo data')
    expect(first.output).toContain('Demo data')
  })
})
