/**
 * Which tables a statement reads or writes, and which names it mentions: enough of SQL to tell whether somebody has
 * forgotten the owner. It is no parser, and no protection from somebody who tries to deceive it.
 */

export interface StatementNames {
  /** Lower case, without schema; once for each time a table stands in the statement. */
  readonly tables: readonly string[]
  /** How often each name is mentioned, in lower case. */
  readonly mentions: ReadonlyMap<string, number>
  /** Whether its connection may work otherwise after it: `SET`, `set_config`, and what runs code of its own. */
  readonly mayChangeSettings: boolean
}

const CHANGES_SETTINGS = /(?:^|;)\s*(?:set|reset|discard|do|call)\b|\bset_config\b/i

/** Texts in quotes, comments, quoted names, names, and what stands between them. */
const TOKENS = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*|[(),.]/gu

/** A table comes next. */
const BEFORE_TABLE = new Set(['from', 'join', 'into', 'insert', 'update', 'table', 'using', 'truncate'])
/** May stand between such a word and the table. */
const BETWEEN = new Set([
  'only',
  'lateral',
  'table',
  'ignore',
  'or',
  'abort',
  'fail',
  'replace',
  'rollback',
  'low_priority',
  'delayed',
  'if',
  'exists',
  'not',
])
/** Ends a list of tables. */
const AFTER_TABLES = new Set([
  'where',
  'set',
  'group',
  'order',
  'having',
  'limit',
  'union',
  'except',
  'intersect',
  'values',
  'select',
  'returning',
  'window',
])
/** Words that follow `UPDATE` or `FROM` where these begin no list of tables: `FOR UPDATE OF`, `DO UPDATE SET`. */
const NO_TABLE = new Set(['set', 'of', 'nowait', 'skip', 'select', 'values'])
/** Statements about tables rather than rows, unless they read as well. */
const ABOUT_SCHEMA =
  /^\s*(?:create|alter|drop|comment|grant|revoke|pragma|set|show|begin|start|commit|rollback|savepoint|release|reindex|analyze|vacuum)\b/i

export function readStatement(sql: string): StatementNames {
  const tables: string[] = []
  const mentions = new Map<string, number>()
  const mayChangeSettings = CHANGES_SETTINGS.test(sql)
  if (ABOUT_SCHEMA.test(sql) && !/\b(?:select|insert|update|delete)\b/i.test(sql)) {
    return { tables, mentions, mayChangeSettings }
  }
  const levels: Level[] = [{ expectsTable: false, isInList: false }]
  for (const token of significant(sql)) {
    const level = levels.at(-1) as Level
    // `FROM (ticket JOIN customer …)` as well as `FROM (SELECT …)`.
    if (token === '(') levels.push({ expectsTable: level.expectsTable, isInList: level.expectsTable })
    else if (token === ')') {
      if (levels.length > 1) levels.pop()
      // What stood in the brackets was the table, or what is joined.
      ;(levels.at(-1) as Level).expectsTable = false
    } else if (token === ',') level.expectsTable = level.isInList
    else if (token !== '.') readName(token, level, tables, mentions)
  }
  return { tables, mentions, mayChangeSettings }
}

interface Level {
  expectsTable: boolean
  isInList: boolean
}

function readName(token: Name | string, level: Level, tables: string[], mentions: Map<string, number>): void {
  const { text, isQuoted } = token as Name
  if (!isQuoted && BEFORE_TABLE.has(text)) {
    level.expectsTable = true
    level.isInList = text !== 'into' && text !== 'insert' && text !== 'table'
    return
  }
  if (!isQuoted && AFTER_TABLES.has(text)) level.isInList = false
  if (level.expectsTable) {
    if (!isQuoted && BETWEEN.has(text)) return
    level.expectsTable = false
    if (isQuoted || !NO_TABLE.has(text)) {
      tables.push(text)
      return
    }
  }
  mentions.set(text, (mentions.get(text) ?? 0) + 1)
}

interface Name {
  readonly text: string
  readonly isQuoted: boolean
}

/** Of `schema.table` and `alias.column` only the last part. */
function* significant(sql: string): Generator<Name | string> {
  const tokens = [...sql.matchAll(TOKENS)].map(([token]) => token).filter((token) => !/^(?:'|--|\/\*)/.test(token))
  for (const [index, token] of tokens.entries()) {
    if (/^[(),]$/.test(token)) yield token
    else if (token !== '.' && tokens[index + 1] !== '.') yield nameOf(token)
  }
}

function nameOf(token: string): Name {
  const isQuoted = /^["`]/.test(token)
  return { text: (isQuoted ? token.slice(1, -1) : token).toLowerCase(), isQuoted }
}
