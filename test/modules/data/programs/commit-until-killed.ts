/**
 * Commits units of work that each write a pair of rows, one by one, until it is killed; says so before every commit.
 * Forked as `commit-until-killed.js <url> <first id>`.
 */
import { beforeCommit } from 'tenon/data'

import { openData } from '../open-data.ts'
import { Entries, Entry } from '../transactions/run-program.ts'

const [url = '', firstId = ''] = process.argv.slice(2)
const data = await openData({ url, entities: [Entry], synchronize: false })
const entries = new Entries(data.unitOfWork)
for (let id = Number(firstId); ; id += 2) {
  await data.unitOfWork.transaction(async () => {
    await entries.insert({ id, value: id })
    await data.unitOfWork.transaction(() => entries.insert({ id: id + 1, value: id }), { propagation: 'nested' })
    await beforeCommit(() => process.send?.('committing'))
  })
}
