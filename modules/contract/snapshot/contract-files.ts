/** Contracts as files that people read in reviews: one for each version. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { ContractMissing, ContractUnreadable } from '../contract-errors.ts'
import type { Contract } from './contract.ts'

const ENDING = '.contract.json'

export async function writeContracts(folder: string, contracts: readonly Contract[]): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  return Promise.all(
    contracts.map(async (contract) => {
      const file = join(folder, `${fileName(contract.version)}${ENDING}`)
      await writeFile(file, `${JSON.stringify(contract, undefined, 2)}\n`)
      return file
    }),
  )
}

/** Whether any contract was ever written there. */
export async function hasContracts(folder: string): Promise<boolean> {
  return (await filesIn(folder)).length > 0
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith(ENDING)).toSorted()
}

/** @throws `CONTRACT_MISSING`, `CONTRACT_UNREADABLE` */
export async function readContracts(folder: string): Promise<readonly Contract[]> {
  const files = await filesIn(folder)
  if (files.length === 0) throw new ContractMissing(resolve(folder))
  return Promise.all(files.map((name) => readContract(join(folder, name))))
}

async function readContract(file: string): Promise<Contract> {
  try {
    const contract = JSON.parse(await readFile(file, 'utf8')) as Partial<Contract>
    if (contract.document?.paths && contract.operations) return contract as Contract
  } catch (error) {
    throw new ContractUnreadable(file).causedBy(error)
  }
  throw new ContractUnreadable(file)
}

function fileName(version: string | undefined): string {
  return version === undefined ? 'api' : `v${version.replaceAll(/[^\w.-]/g, '_')}`
}
