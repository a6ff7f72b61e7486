/**
 * Reads a counter and writes it back, one more, in transactions of its own; answers how many were committed and refused.
 * Forked as `count-up.js <file> <times>`.
 */
import { SqliteDataSource } from '../../../../modules/data/sqlite/sqlite-data-source.ts'

const [database = '', times = ''] = process.argv.slice(2)
const source = new SqliteDataSource({ database, lockTimeoutMs: 30_000 })
await source.initialize()

const result = { committed: 0, refused: 0 }
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
for (let n = 0; n < Number(times); n += 1) {
  try {
    await source.transaction(async (manager) => {
      const [{ value }] = await manager.query<[{ value: number }]>('SELECT value FROM counter')
      await new Promise(setImmediate)
      await manager.query('UPDATE counter SET value = ?', [value + 1])
    })
    result.committed += 1
  } catch (error) {
    if ((error as { code?: unknown }).code?.toString().startsWith('SQLITE_BUSY') !== true) throw error
    result.refused += 1
  }
}
await source.destroy()
process.send?.(result)
process.disconnect?.()
