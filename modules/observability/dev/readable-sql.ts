/** SQL as an ORM writes it, for people: a line that says what it is about, and the whole with a line for each clause. */
import { html, type Markup } from './markup.ts'

const CLAUSE =
  /\s+(?=(?:FROM|LEFT JOIN|INNER JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET|VALUES|SET|RETURNING)\b)/g
const COLUMNS = /\bSELECT (DISTINCT )?((?:(?!\bSELECT\b).)+?) FROM\b/g
const INSERTED = /(INSERT INTO \S+?)\s*\(([^)]+)\) VALUES .*/s
/** Around nothing but one pair of brackets. */
const NEEDLESS = /\(\s*\(([^()]*)\)\s*\)/g
const WORDS =
  /\b(SELECT|DISTINCT|FROM|LEFT JOIN|INNER JOIN|ON|WHERE|AND|OR|IN|NOT|IS|NULL|AS|GROUP BY|HAVING|ORDER BY|ASC|DESC|LIMIT|OFFSET|INSERT INTO|VALUES|UPDATE|SET|DELETE|RETURNING|BEGIN|TRANSACTION|COMMIT|ROLLBACK)\b/

/** Without columns and needless brackets: `SELECT … FROM "tickets" WHERE "id" = ?` */
export function sqlLine(sql: string): string {
  const short = sql
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\( | \)/g, (bracket) => bracket.trim())
    .replaceAll(COLUMNS, (_whole, distinct = '', list: string) =>
      list.includes(', ') ? `SELECT ${distinct}… FROM` : `SELECT ${distinct}${list} FROM`,
    )
    .replace(INSERTED, (_whole, into: string, list: string) => `${into} (${list.split(', ').length} columns)`)
  return withoutNeedlessBrackets(short)
}

function withoutNeedlessBrackets(text: string): string {
  const simpler = text.replaceAll(NEEDLESS, '($1)')
  return simpler === text ? text : withoutNeedlessBrackets(simpler)
}

/** All of it, with a line for each clause. */
export function sqlText(sql: string): Markup {
  const text = sql.trim().replaceAll(CLAUSE, '\n')
  // Every second part is one of the words.
  return html`<pre>${text.split(WORDS).map((part, index) => (index % 2 === 1 ? html`<b>${part}</b>` : part))}</pre>`
}
