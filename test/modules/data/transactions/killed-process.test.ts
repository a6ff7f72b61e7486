import { fork } from 'node:child_process'
import { on } from 'node:events'

import { onEveryDatabase } from '../on-every-database.ts'
import { openData } from '../open-data.ts'
import { Entries, Entry } from './run-program.ts'

const KILLS = process.env['FULL'] === '1' ? 40 : 3
const IDS_EACH = 100_000

onEveryDatabase('A process that is killed while it commits', ({ name, create }) => {
  // A database in memory ends with its process.
  if (name === 'SQLite in memory') return

  it(`leaves whole units of work only, ${KILLS} times`, async () => {
    await using database = await create()
    await using data = await openData({ url: database.url, entities: [Entry] })
    const entries = new Entries(data.unitOfWork)

    for (let kill = 0; kill < KILLS; kill += 1) {
      const firstId = kill * IDS_EACH
      await killAfter(1 + ((kill * 7) % 23), database.url, firstId)

      const left = await entries.queryBuilder('e').where('e.id >= :firstId', { firstId }).getMany()
      const perUnit = Object.values(Object.groupBy(left, ({ value }) => value)).map((rows) => rows?.length)
      expect(new Set(perUnit)).toEqual(new Set(perUnit.length > 0 ? [2] : []))
      expect(left.length).toBeGreaterThanOrEqual(2 * ((kill * 7) % 23))
    }
  })
})

/** Kills it, with no chance to tidy up, when it has said for the n-th time that it will commit. */
async function killAfter(commits: number, url: string, firstId: number): Promise<void> {
  const program = new URL('../programs/commit-until-killed.js', import.meta.url)
  const child = fork(program, [url, String(firstId)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  try {
    let said = 0
    for await (const _message of on(child, 'message', { signal: AbortSignal.timeout(30_000) })) {
      said += 1
      if (said === commits) break
    }
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}
