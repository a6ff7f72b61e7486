import { printTarget, readDatabaseUrl } from '../../../modules/data/database-url.ts'

describe('readDatabaseUrl', () => {
  it.each([
    ['sqlite::memory:', ':memory:'],
    ['sqlite:data/app.sqlite', 'data/app.sqlite'],
    ['sqlite:./app.sqlite', './app.sqlite'],
    ['sqlite:/srv/app.sqlite', '/srv/app.sqlite'],
    ['sqlite:///srv/app.sqlite', '/srv/app.sqlite'],
  ])('reads the file of %s', (url, file) => {
    expect(readDatabaseUrl(url)).toEqual({ kind: 'sqlite', file })
  })

  it.each([
    ['postgres://ann@db/shop', 'postgres', 5432],
    ['postgresql://ann@db/shop', 'postgres', 5432],
    ['mysql://ann@db/shop', 'mysql', 3306],
    ['MariaDB://ann@db:3307/shop', 'mariadb', 3307],
  ])('reads kind and port of %s', (url, kind, port) => {
    expect(readDatabaseUrl(url)).toEqual({
      kind,
      port,
      host: 'db',
      username: 'ann',
      password: undefined,
      database: 'shop',
      ssl: false,
    })
  })

  it('decodes user, password and name, and reads addresses and TLS', () => {
    expect(readDatabaseUrl('postgres://an%40n:p%2Fw%25@[::1]:6000/my%20shop?ssl=true')).toEqual({
      kind: 'postgres',
      host: '::1',
      port: 6000,
      username: 'an@n',
      password: 'p/w%',
      database: 'my shop',
      ssl: true,
    })
    expect(readDatabaseUrl('postgres://ann@db/shop?sslmode=verify-full')).toMatchObject({ ssl: true })
    expect(readDatabaseUrl('postgres://ann@db/shop?sslmode=disable')).toMatchObject({ ssl: false })
  })

  it.each([
    ['', 'it has no scheme'],
    ['data/app.sqlite', 'it has no scheme'],
    ['mongodb://ann@db/shop', 'mongodb:// is not a database that is known'],
    ['sqlite:', 'sqlite: needs a path or :memory:'],
    ['postgres://ann:s3#cret@db/shop', 'percent-encoded'],
    ['postgres://ann:s3cret@db', 'it names no database'],
    ['postgres://db/shop', 'it names no user'],
    ['postgres://ann:%zz@db/shop', 'the password has a %'],
    ['postgres://ann:s3cret@db/shop?sslmode=require', 'use ?ssl=true'],
    ['postgres://ann:s3cret@db:99999/shop', 'it is no URL'],
  ])('refuses %j and says why, without its password', (url, reason) => {
    const read = () => readDatabaseUrl(url)

    expect(read).toThrow(
      expect.objectContaining({ code: 'DATA_URL_UNREADABLE', message: expect.stringContaining(reason) }),
    )
    expect(read).not.toThrow(/s3/)
  })

  it('prints a target without its password', () => {
    expect(printTarget(readDatabaseUrl('mysql://ann:s3cret@db/shop'))).toBe('mysql://ann@db:3306/shop')
    expect(printTarget(readDatabaseUrl('sqlite:app.sqlite'))).toBe('sqlite:app.sqlite')
  })
})
