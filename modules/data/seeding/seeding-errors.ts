/** What keeps seeds from being sown. */
import { defineError } from 'tenon'

export const SeedersCyclic = defineError({
  code: 'DATA_SEEDERS_CYCLIC',
  status: 500,
  message: (cycle: readonly string[]) => `Seeders wait for each other: ${cycle.join(' -> ')}.`,
  help: 'Remove one of them from `after`, or make one seeder of two.',
})

export const SeederUnlisted = defineError({
  code: 'DATA_SEEDER_UNLISTED',
  status: 500,
  message: (seeder: string, before: string) => `${before} runs after ${seeder}, which no module provides.`,
  help: 'Add it to `providers` of a module that the application imports.',
})
