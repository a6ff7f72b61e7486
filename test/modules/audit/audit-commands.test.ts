/** The commands through the tool itself: what people type, and what scripts look at. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ROOT } from '../../docs/pages.ts'
import { OpenAudit } from './open-audit.ts'

const APP = join(ROOT, 'dist/test/modules/audit/programs/audited-app.js')

describe('tenon audit', () => {
  let folder: string
  let url: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenon-audit-'))
    url = `sqlite:${join(folder, 'audit.sqlite')}`
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  function tenon(...words: readonly string[]): { code: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'bin/tenon.js'), ...words, '--app', APP],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], TENON_ENV: 'test', LOG_LEVEL: 'error', DATABASE_URL: url },
      },
    )
    return { code: status, output: status === 0 || stderr === '' ? stdout : stdout + stderr }
  }

  it('says that the log is intact, or where it is not, and ends so', async () => {
    {
      await using audit = await OpenAudit.on({ create: () => Promise.reject(new Error('not asked')) }, {}, url)
      await audit.write(3)
    }

    const intact = tenon('audit', 'verify')
    const { checkpoint } = JSON.parse(tenon('audit', 'checkpoint', '--json').output) as { checkpoint: string }
    {
      await using audit = await OpenAudit.on({ create: () => Promise.reject(new Error('not asked')) }, {}, url)
      await audit.disarm()
      await audit.sql(`UPDATE audit_entry SET outcome = 'refused' WHERE seq = 2`)
      await audit.sql('DELETE FROM audit_entry WHERE seq = 4')
    }
    const touched = tenon('audit', 'verify', '--checkpoint', checkpoint)
    const unreadable = tenon('audit', 'verify', '--checkpoint', '12')

    expect(intact).toEqual({ code: 0, output: `The audit log is intact: 5 entries.\nCheckpoint: ${checkpoint}\n` })
    expect(touched.code).toBe(1)
    expect(touched.output).toContain('The audit log was touched: 4 entries.')
    expect(touched.output).toContain('Entry 2 was changed, or does not follow from the entry before.')
    expect(touched.output).toContain('Entry 4 is missing.')
    expect(unreadable).toMatchObject({
      code: 2,
      output: expect.stringContaining('"12" is no checkpoint of the audit log.'),
    })
  })
})
