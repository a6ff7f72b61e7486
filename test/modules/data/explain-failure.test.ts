import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { readDatabaseUrl, type ServerTarget } from '../../../modules/data/database-url.ts'
import { explainFailure } from '../../../modules/data/explain-failure.ts'
import { makeData, openData, type DataSettings } from './open-data.ts'
import { SERVERS, whyNot } from './servers.ts'

async function failure(url: string, settings: DataSettings = {}): Promise<{ code: string; message: string }> {
  let data
  try {
    data = makeData({ url, ...settings })
  } catch (error) {
    return error as { code: string; message: string }
  }
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

describe('What a driver says of a server', () => {
  const target = readDatabaseUrl('postgres://me@db.example/desk') as ServerTarget
  const sentence = (code: string) => explainFailure(Object.assign(new Error('in its own words'), { code }), target)

  it.each([
    ['28P01', 'the server refuses me from this machine'],
    ['ER_HOST_NOT_PRIVILEGED', 'the server refuses me from this machine'],
    ['AUTH_SWITCH_PLUGIN_ERROR', 'wants me to log in by a means that the driver does not have'],
    ['57P03', 'is starting, stopping or recovering'],
    ['53300', 'takes no more connections'],
    ['ER_TOO_MANY_USER_CONNECTIONS', 'takes no more connections'],
    ['ETIMEDOUT', 'does not answer in time'],
    ['ER_SECURE_TRANSPORT_REQUIRED', 'Add ?ssl=true to DATABASE_URL'],
    ['CERT_HAS_EXPIRED', 'the certificate of db.example is not trusted (in its own words)'],
    ['CERT_NOT_YET_VALID', 'the certificate of db.example is not trusted (in its own words)'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate of db.example is not trusted (in its own words)'],
    ['XX999', 'in its own words'],
  ])('is told in words: %s', (code, words) => {
    expect(sentence(code)).toContain(words)
  })
})

describe('A further database that cannot be opened', () => {
  const sourceAt = (url: string) => failure('sqlite::memory:', { sources: { reports: { url } } })

  it('says that nothing listens, and names its variable', async () => {
    const { number } = await port()

    expect(await sourceAt(`postgres://me@127.0.0.1:${number}/desk`)).toMatchObject({
      code: 'DATA_DATABASE_UNREACHABLE',
      message: `The database postgres://me@127.0.0.1:${number}/desk cannot be opened: nothing listens at 127.0.0.1:${number}. Start the server there, or correct host and port in DATABASE_URL_REPORTS.`,
    })
  })

  it.each([
    ['oracle://db/shop', 'DATABASE_URL_REPORTS cannot be read: oracle:// is not a database that is known.'],
    ['postgres://db/shop', 'DATABASE_URL_REPORTS cannot be read: it names no user: postgres://<user>@db/shop.'],
    ['postgres://me@db', 'DATABASE_URL_REPORTS cannot be read: it names no database: postgres://db/<name>.'],
    ['sqlite:', 'DATABASE_URL_REPORTS cannot be read: sqlite: needs a path or :memory:.'],
  ])('says what is wrong with %s', async (url, message) => {
    expect(await sourceAt(url)).toMatchObject({ code: 'DATA_URL_UNREADABLE', message })
  })

  it('says that its URL is missing', async () => {
    expect(await failure('sqlite::memory:', { sources: { 'crm-archive': {} } })).toMatchObject({
      code: 'DATA_SOURCE_URL_MISSING',
      message: 'The data source crm-archive has no URL: DATABASE_URL_CRM_ARCHIVE is not set.',
    })
  })
})

describe('A replica that cannot be used', () => {
  it.each([
    ['oracle://db/shop', 'DATABASE_REPLICA_URLS cannot be read: oracle:// is not a database that is known.'],
    ['postgres://me@db/shop', 'DATABASE_REPLICA_URLS cannot be read: a postgres cannot follow a sqlite.'],
  ])('keeps the application from starting when it can never be right: %s', async (url, message) => {
    expect(await failure('sqlite::memory:', { replicaUrls: [url] })).toMatchObject({
      code: 'DATA_URL_UNREADABLE',
      message,
    })
  })

  it('of a further source is named by its own variable', async () => {
    const reports = { url: 'sqlite::memory:', replicaUrls: ['oracle://db/shop'] }

    expect(await failure('sqlite::memory:', { sources: { reports } })).toMatchObject({
      message: 'DATABASE_REPLICA_URLS_REPORTS cannot be read: oracle:// is not a database that is known.',
    })
  })

  it('is told in one line where it may come back', async () => {
    await using data = await openData({ replicaUrls: ['sqlite:/nowhere/at/all.sqlite'] })

    expect(data.logs.lines.map(({ message }) => message).filter((message) => message.includes('replica'))).toEqual([
      'The replica sqlite:/nowhere/at/all.sqlite is not read, the primary answers for it: the file /nowhere/at/all.sqlite cannot be opened or created. Check its path, and who may write to its folder.',
    ])
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
