/** The time stamps that order migrations: later than all that are there, however fast somebody types. */
import { readFileSync } from 'node:fs'

import type { Layout } from './layout.ts'

const MIGRATION = /\bclass \w*?(\d{13})\b/g

export function nextTimestamp({ files }: Pick<Layout, 'files'>): number {
  const known = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(MIGRATION)].map(([, digits]) => Number(digits)),
  )
  return known.reduce((latest, each) => Math.max(latest, each + 1), Date.now())
}
