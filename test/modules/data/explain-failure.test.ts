import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { makeData } from './open-data.ts'
import { SERVERS, whyNot } from './servers.ts'

async function failure(url: string): Promise<{ code: string; message: string }> {
  const data = makeData({ url })
  try {
    await data.database.open()
  } catch (error) {
    return error as { code: string; message: string }
  }
  await data.database.close()
  throw new Error('It opened.')
}

/** A port that answers with `greeting` and hangs up; without one, a port where nothing listens any more. */
async function port(greeting?: string): Promise<{ readonly number: number; readonly server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(greeting ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: number } = server.address() as AddressInfo
  if (greeting === undefined) {
    server.close()
    await once(server, 'close')
  }
  return { number, server }
}

describe('A database that cannot be opened', () => {
  it.each(['postgres', 'mysql', 'mariadb'])('says that nothing listens (%s)', async (kind) => {
    const { number } = await port()

    expect(await failure(`${kind}://me@127.0.0.1:${number}/desk`)).toMatchObject({
      code: 'DATA_DATABASE_UNREACHABLE',
      message: `The database ${kind}://me@127.0.0.1:${number}/desk cannot be opened: nothing listens at 127.0.0.1:${number}. Start the server there, or correct host and port in DATABASE_URL.`,
    })
  })

  it.each(['postgres', 'mariadb'])('says that the host name is not known (%s)', async (kind) => {
    const { message } = await failure(`${kind}://me@no-such-host.invalid/desk`)

    expect(message).toContain('the host name no-such-host.invalid is not known')
  })

  it('says that something else listens there', async () => {
    const { number, server } = await port('')

    const { message } = await failure(`mariadb://me@127.0.0.1:${number}/desk`)

    server.close()
    expect(message).toContain('does not speak mariadb. Correct scheme and port')
  })

  it('says what is wrong with a SQLite file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-data-'))
    const file = join(folder, 'note.txt')
    await writeFile(
      file,
      'This is a text of some length and no database at all, whatever its name may say. '.repeat(20),
    )

    const notADatabase = await failure(`sqlite:${file}`)
    const inAFile = await failure(`sqlite:${join(file, 'app.sqlite')}`)

    await rm(folder, { recursive: true })
    expect(notADatabase.message).toContain('is no SQLite database')
    expect(inAFile.message).toContain('cannot be opened or created')
  })
})

for (const [name, url] of Object.entries(SERVERS)) {
  const missing = await whyNot(url)
  const suite = missing === undefined || process.env['CI'] === 'true' ? describe : describe.skip

  suite(`A database that cannot be opened on ${name}${missing === undefined ? '' : ` (not there: ${missing})`}`, () => {
    const at = new URL(url)

    it.each([
      [
        'the database',
        `${at.protocol}//${at.username}@${at.host}/no_such_database`,
        'there is no database no_such_database',
      ],
      ['the user', `${at.protocol}//nobody_knows:wrong@${at.host}${at.pathname}`, 'the server refuses nobody_knows'],
      ['encryption', `${url}?ssl=true`, /the server does not encrypt|the certificate of .* is not trusted/],
    ])('says that the server does not know %s', async (_what, wrong, sentence) => {
      const { code, message } = await failure(wrong)

      expect(code).toBe('DATA_DATABASE_UNREACHABLE')
      expect(message).toEqual(
        typeof sentence === 'string' ? expect.stringContaining(sentence) : expect.stringMatching(sentence),
      )
      expect(message).not.toContain('wrong')
    })
  })
}
