/** Tasks for tests and seeds: made up, the same every time. */
import { factory } from 'tenon/data'

import { Task } from './task.ts'

export const tasks = factory(Task, {
  title: ({ sequence }) => `Title ${sequence}`,
  dueOn: ({ sequence }) => new Date(Date.UTC(2026, 0, sequence)).toISOString().slice(0, 10),
  isDone: ({ random }) => random.chance(0.5),
  createdAt: new Date('2026-01-01T12:00:00Z'),
  updatedAt: new Date('2026-01-01T12:00:00Z'),
})
