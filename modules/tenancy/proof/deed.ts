/** What is tried, and what comes of it. */
import type { Row } from './tenant-world.ts'

/** One thing to do with an entity, done to one's own rows and to those of the other. */
export interface Deed {
  readonly name: string
  /** Which row of its world it is done to. Default: the first. */
  readonly row?: number
  /** @returns What it has read, or how many rows it has changed. */
  readonly run: (target: Row) => Promise<unknown>
}

export async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Whether a mark stands in anything of an answer. */
export function shows(outcome: unknown, mark: string): boolean {
  return !(outcome instanceof Error) && (JSON.stringify(outcome) ?? '').includes(mark)
}

export function print(outcome: unknown): string {
  const text = outcome instanceof Error ? outcome.message : (JSON.stringify(outcome) ?? 'nothing')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
