/** Rows a page at a time, counted from 1. */
import type { FindOptionsOrder, FindOptionsRelations } from 'typeorm'

import type { Where } from './criteria.ts'
import { PageInvalid, PageTooLarge } from './data-errors.ts'

export interface PageRequest<E> {
  /** Which page, from 1. Default: 1. */
  readonly page?: number
  /** Rows a page. Default: 20, or the repository's maximum where that is smaller. */
  readonly size?: number
  readonly where?: Where<E>
  /** Rows that are equal by it follow by primary key, so that no row is on two pages. */
  readonly order?: FindOptionsOrder<E>
  readonly relations?: FindOptionsRelations<E>
}

export interface Page<E> {
  readonly items: readonly E[]
  readonly page: number
  readonly size: number
  /** Rows on all pages. */
  readonly total: number
  /** Pages there are; 0 when there are no rows. */
  readonly pages: number
}

export interface CursorRequest {
  /** The `next` of the page before. Default: the first page. */
  readonly after?: string
  /** Rows a page. Default: 20, or the repository's maximum where that is smaller. */
  readonly size?: number
}

export interface CursorPage<E> {
  readonly items: readonly E[]
  /** For the page after this one; `null` when there is none. */
  readonly next: string | null
}

const DEFAULT_SIZE = 20

/** @throws `DATA_PAGE_INVALID`, `DATA_PAGE_TOO_LARGE` */
export function readPage(
  { page = 1, size }: { readonly page?: number; readonly size?: number },
  maximumSize: number,
): { readonly page: number; readonly size: number } {
  const rows = size ?? Math.min(DEFAULT_SIZE, maximumSize)
  if (!Number.isSafeInteger(page) || page < 1) throw new PageInvalid('page', String(page))
  if (!Number.isSafeInteger(rows) || rows < 1) throw new PageInvalid('size', String(rows))
  if (rows > maximumSize) throw new PageTooLarge(rows, maximumSize)
  if (!Number.isSafeInteger(page * rows)) throw new PageInvalid('page', String(page))
  return { page, size: rows }
}
