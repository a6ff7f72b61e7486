/** What a statement does, as far as its first words tell it. */

/** Statements that change rows or the schema; those that begin and end transactions are none. */
const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|CREATE|ALTER|DROP|RENAME|LOAD|COPY|CALL)\b/i
/** `WITH … INSERT`, and PostgreSQL's `WITH x AS (DELETE …)`. */
const WITH_WRITE = /^\s*WITH\b.*\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b/is

export function writes(sql: string): boolean {
  return WRITES.test(sql) || WITH_WRITE.test(sql)
}
