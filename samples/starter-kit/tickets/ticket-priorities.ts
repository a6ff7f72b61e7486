/** How urgent a ticket is. Kept as a number, so that the database sorts by urgency and not by the alphabet. */
import type { ValueTransformer } from 'tenon/data'

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]

export const PRIORITY_RANK: ValueTransformer = {
  to: (priority: Priority | undefined) => (priority === undefined ? undefined : PRIORITIES.indexOf(priority)),
  from: (rank: number) => PRIORITIES[rank],
}
