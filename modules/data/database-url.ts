/** `DATABASE_URL`: which database, where, as whom. */
import { DatabaseUrlUnreadable } from './data-errors.ts'

export interface SqliteTarget {
  readonly kind: 'sqlite'
  /** A path, or `:memory:`. */
  readonly file: string
}

export interface ServerTarget {
  readonly kind: 'postgres' | 'mysql' | 'mariadb'
  readonly host: string
  readonly port: number
  readonly database: string
  readonly username: string
  readonly password: string | undefined
  /** Encrypt, and verify the server's certificate. */
  readonly ssl: boolean
}

export type DatabaseTarget = SqliteTarget | ServerTarget

const SERVERS: Readonly<Record<string, { readonly kind: ServerTarget['kind']; readonly port: number }>> = {
  'postgres:': { kind: 'postgres', port: 5432 },
  'postgresql:': { kind: 'postgres', port: 5432 },
  'mysql:': { kind: 'mysql', port: 3306 },
  'mariadb:': { kind: 'mariadb', port: 3306 },
}

/** @throws `DATA_URL_UNREADABLE`, which never repeats the URL: it holds a password. */
export function readDatabaseUrl(text: string, variable = 'DATABASE_URL'): DatabaseTarget {
  try {
    return readTarget(text)
  } catch (error) {
    if (error instanceof Unreadable) throw new DatabaseUrlUnreadable(variable, error.message)
    throw error
  }
}

/** What is wrong, before it is said of which variable. */
class Unreadable extends Error {}

function readTarget(text: string): DatabaseTarget {
  if (text.startsWith('sqlite:')) return readSqlite(text.slice('sqlite:'.length))
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0].toLowerCase()
  const server = SERVERS[scheme ?? '']
  if (!server) {
    throw new Unreadable(scheme ? `${scheme}// is not a database that is known` : 'it has no scheme')
  }
  return readServer(text, server)
}

/** The target without its password, for messages. */
export function printTarget(target: DatabaseTarget): string {
  if (target.kind === 'sqlite') return `sqlite:${target.file}`
  return `${target.kind}://${target.username}@${target.host}:${target.port}/${target.database}`
}

function readSqlite(rest: string): SqliteTarget {
  const file = rest.startsWith('//') ? rest.slice(2) : rest
  if (file === '') throw new Unreadable('sqlite: needs a path or :memory:')
  return { kind: 'sqlite', file }
}

function readServer(text: string, { kind, port }: { kind: ServerTarget['kind']; port: number }): ServerTarget {
  if (!URL.canParse(text)) {
    throw new Unreadable('it is no URL; characters such as @ : / # in a password must be percent-encoded')
  }
  const url = new URL(text)
  const database = decode(url.pathname.slice(1), 'database name')
  if (url.hostname === '') throw new Unreadable('it names no host')
  if (database === '') throw new Unreadable(`it names no database: ${kind}://${url.host}/<name>`)
  if (url.username === '') throw new Unreadable(`it names no user: ${kind}://<user>@${url.host}/${database}`)
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    database,
    username: decode(url.username, 'user name'),
    password: url.password === '' ? undefined : decode(url.password, 'password'),
    ssl: readSsl(url.searchParams),
  }
}

function readSsl(parameters: URLSearchParams): boolean {
  let ssl = false
  for (const [name, value] of parameters) {
    if (name === 'ssl' && (value === 'true' || value === 'false')) ssl = value === 'true'
    else if (name === 'sslmode' && (value === 'verify-full' || value === 'disable')) ssl = value === 'verify-full'
    else throw new Unreadable(`?${name}=${value} is not known; use ?ssl=true, which verifies the certificate`)
  }
  return ssl
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Unreadable(`the ${part} has a % that begins no percent-encoded character`)
  }
}
