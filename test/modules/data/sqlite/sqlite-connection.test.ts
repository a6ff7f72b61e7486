import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { SqliteConnection } from '../../../../modules/data/sqlite/sqlite-connection.ts'

function withTable(): SqliteConnection {
  const connection = new SqliteConnection(':memory:')
  connection.exec(`
    CREATE TABLE owner (id INTEGER PRIMARY KEY);
    CREATE TABLE thing (
      id INTEGER PRIMARY KEY, name TEXT UNIQUE, age INTEGER CHECK (age >= 0), owner INTEGER REFERENCES owner (id),
      code TEXT NOT NULL DEFAULT '', bytes BLOB
    );
  `)
  connection.pragma('foreign_keys = ON')
  return connection
}

function codeOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return undefined
}

describe('SqliteConnection', () => {
  it('answers integers that a number cannot hold as strings, and the others as numbers', () => {
    const connection = withTable()
    connection.prepare('INSERT INTO thing (id, age) VALUES (?, ?)').run(1, 9007199254740993n)
    connection.prepare('INSERT INTO thing (id, age) VALUES (?, ?)').run(2, 7)

    const rows = connection.prepare('SELECT id, age FROM thing ORDER BY id').all()

    expect(rows).toEqual([
      { id: 1, age: '9007199254740993' },
      { id: 2, age: 7 },
    ])
    expect(connection.prepare('SELECT id, age FROM thing ORDER BY id').all()).toEqual(rows)
  })

  it('inserts once when the row it returns holds an integer that a number cannot hold', () => {
    const connection = withTable()

    const rows = connection.prepare('INSERT INTO thing (age) VALUES (?) RETURNING age').all('9223372036854775807')

    expect(rows).toEqual([{ age: '9223372036854775807' }])
    expect(connection.prepare('SELECT count(*) AS n FROM thing').all()).toEqual([{ n: 1 }])
  })

  it('keeps generated keys beyond 2^53 exact', () => {
    const connection = withTable()

    const changes = connection.prepare('INSERT INTO thing (id) VALUES (?)').run('9007199254740993')

    expect(changes).toEqual({ changes: 1, lastInsertRowid: '9007199254740993' })
  })

  it('binds whole numbers as integers, so that text columns and divisions are right', () => {
    const connection = withTable()
    connection.prepare('INSERT INTO thing (name) VALUES (?)').run(5)

    expect(connection.prepare('SELECT name FROM thing').all()).toEqual([{ name: '5' }])
    expect(connection.prepare('SELECT 7 / ? AS whole, 7 / ? AS part, typeof(?) AS type').all(2, 2.5, 3)).toEqual([
      { whole: 3, part: 2.8, type: 'integer' },
    ])
  })

  it('binds booleans as 1 and 0', () => {
    expect(new SqliteConnection(':memory:').prepare('SELECT ? AS yes, ? AS no').all(true, false)).toEqual([
      { yes: 1, no: 0 },
    ])
  })

  it('answers blobs as Buffer and rows as plain objects', () => {
    const connection = withTable()
    connection.prepare('INSERT INTO thing (bytes) VALUES (?)').run(Buffer.from('tenon'))

    const [row] = connection.prepare('SELECT bytes FROM thing').all()

    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    expect(Buffer.isBuffer(row?.['bytes'])).toBe(true)
    expect(String(row?.['bytes'])).toBe('tenon')
  })

  it.each([
    ['SQLITE_CONSTRAINT_UNIQUE', "INSERT INTO thing (name) VALUES ('taken')"],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'INSERT INTO thing (id) VALUES (1)'],
    ['SQLITE_CONSTRAINT_FOREIGNKEY', 'INSERT INTO thing (owner) VALUES (99)'],
    ['SQLITE_CONSTRAINT_NOTNULL', 'INSERT INTO thing (code) VALUES (NULL)'],
    ['SQLITE_CONSTRAINT_CHECK', 'INSERT INTO thing (age) VALUES (-1)'],
    ['SQLITE_ERROR', 'SELECT * FROM nowhere'],
  ])('names the failure %s', (code, sql) => {
    const connection = withTable()
    connection.exec("INSERT INTO thing (id, name) VALUES (1, 'taken')")

    expect(codeOf(() => connection.prepare(sql).run())).toBe(code)
    expect(codeOf(() => connection.exec(sql))).toBe(code)
  })

  it('sees a column that was added after a statement was prepared', () => {
    const connection = withTable()
    connection.exec('INSERT INTO owner DEFAULT VALUES')
    expect(connection.prepare('SELECT * FROM owner').all()).toEqual([{ id: 1 }])

    connection.exec("ALTER TABLE owner ADD COLUMN city TEXT DEFAULT 'Ghent'")

    expect(connection.prepare('SELECT * FROM owner').all()).toEqual([{ id: 1, city: 'Ghent' }])
  })

  it('keeps working when more statements were prepared than it keeps ready', () => {
    const connection = new SqliteConnection(':memory:')
    const first = connection.prepare('SELECT 0 AS n')
    for (let n = 1; n <= 600; n += 1) expect(connection.prepare(`SELECT ${n} AS n`).all()).toEqual([{ n }])

    expect(connection.prepare('SELECT 0 AS n')).not.toBe(first)
    expect(connection.prepare('SELECT 600 AS n')).toBe(connection.prepare('SELECT 600 AS n'))
  })

  it('refuses a missing file when the file must exist, and a folder that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenon-sqlite-'))

    expect(codeOf(() => new SqliteConnection(join(folder, 'x.sqlite'), { fileMustExist: true }))).toBe(
      'SQLITE_CANTOPEN',
    )
    expect(codeOf(() => new SqliteConnection(join(folder, 'no', 'x.sqlite')))).toBe('SQLITE_CANTOPEN')
  })

  it('refuses writes when it was opened to read', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tenon-sqlite-')), 'x.sqlite')
    new SqliteConnection(file).exec('CREATE TABLE t (id)')

    const connection = new SqliteConnection(file, { readonly: true })

    expect(codeOf(() => connection.exec('INSERT INTO t VALUES (1)'))).toBe('SQLITE_READONLY')
  })

  it('fails at once with SQLITE_BUSY where it was asked not to wait, and waits again afterwards', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tenon-sqlite-')), 'x.sqlite')
    const holder = new SqliteConnection(file)
    const other = new SqliteConnection(file, { timeout: 4321 })
    holder.exec('BEGIN IMMEDIATE')

    expect(codeOf(() => other.execUnlessBusy('BEGIN IMMEDIATE'))).toBe('SQLITE_BUSY')
    expect(other.pragma('busy_timeout')).toEqual([{ timeout: 4321 }])
  })
})
