/** The page at the end of a statement that TypeORM wrote with marks for it. */
import type { EntityManager } from 'typeorm'

import { SqliteDataSource } from '../sqlite/sqlite-data-source.ts'
import { SKIP_MARK, TAKE_MARK } from './template-options.ts'

const PAGE_END = new RegExp(`^(.*) LIMIT (${TAKE_MARK}|-1|1)(?: OFFSET (${SKIP_MARK}|0))?$`, 's')
const SKIP_END = new RegExp(`^(.*) OFFSET (${SKIP_MARK})$`, 's')

/** @param placeholder - What stands for the value of a mark. */
export function pagedText(
  { dataSource }: EntityManager,
  text: string,
  placeholder: (slot: 'take' | 'skip') => string,
): string {
  // SQLite prepares a statement anew for each value that is bound for a bare `LIMIT ?`.
  const sign = dataSource instanceof SqliteDataSource ? '+' : ''
  const page = PAGE_END.exec(text)
  if (page) {
    const [, head = '', limit, offset] = page
    const taken = `${head} LIMIT ${limit === '-1' || limit === '1' ? limit : sign + placeholder('take')}`
    if (offset === undefined) return taken
    return `${taken} OFFSET ${offset === '0' ? offset : sign + placeholder('skip')}`
  }
  const [, head = '', offset] = SKIP_END.exec(text) ?? []
  return offset === undefined ? text : `${head} OFFSET ${sign}${placeholder('skip')}`
}
