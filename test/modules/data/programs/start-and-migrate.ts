/**
 * Opens a database with two pending migrations, as an application does at start; answers the lines it logged.
 * Forked as `start-and-migrate.js <url>`.
 */
import { openData } from '../open-data.ts'
import { CreateNotes1751328000000, FillNotes1751328000001 } from '../tickets.ts'

const [url = ''] = process.argv.slice(2)
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
{
  await using data = await openData({
    url,
    migrations: [CreateNotes1751328000000, FillNotes1751328000001],
    synchronize: false,
  })
  process.send?.(data.logs.at('info').map((line) => line.message))
}
process.disconnect?.()
