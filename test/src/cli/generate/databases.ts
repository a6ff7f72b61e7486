/** The databases that generated code is tried on: a file, and in long runs the servers as well. */
import { createDatabase, SERVERS } from '../../../modules/data/servers.ts'

/** @param until - Drops at its end what was made for the test. */
export async function databaseUrls(until: AsyncDisposableStack): Promise<readonly string[]> {
  const urls = ['sqlite:data/app.sqlite']
  if (!process.env['FULL']) return urls
  for (const server of Object.values(SERVERS)) urls.push(until.use(await createDatabase(server)).url)
  return urls
}
