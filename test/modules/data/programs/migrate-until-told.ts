/**
 * Begins migrations of which one stops half-way, says so, and waits to be killed.
 * Forked as `migrate-until-told.js <url> <statements to run first>`.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { openData } from '../open-data.ts'
import { interruptible } from '../migrations/interruptible.ts'

const [url = '', statements = ''] = process.argv.slice(2)
const stop = async (): Promise<never> => {
  process.send?.('half-way')
  return sleep(60_000, undefined as never)
}
await openData({ url, entities: [], migrations: interruptible(Number(statements), stop), synchronize: false })
