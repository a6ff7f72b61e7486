/** Waivers stand beside the contracts, where reviews see them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { ContractUnreadable } from '../contract-errors.ts'
import type { Waiver } from './waiver.ts'

function fileIn(folder: string): string {
  return join(folder, 'waivers.json')
}

/** None where there is no file. @throws `CONTRACT_UNREADABLE` */
export async function readWaivers(folder: string): Promise<readonly Waiver[]> {
  const file = fileIn(folder)
  const text = await readFile(file, 'utf8').catch(() => '[]')
  try {
    const waivers: unknown = JSON.parse(text)
    if (Array.isArray(waivers)) return waivers as readonly Waiver[]
  } catch (error) {
    throw new ContractUnreadable(file).causedBy(error)
  }
  throw new ContractUnreadable(file)
}

/** Of two for one change, the later counts. */
export async function addWaiver(folder: string, waiver: Waiver): Promise<string> {
  const others = (await readWaivers(folder)).filter(({ change }) => change !== waiver.change)
  const file = fileIn(folder)
  await mkdir(folder, { recursive: true })
  await writeFile(file, `${JSON.stringify([...others, waiver], undefined, 2)}\n`)
  return file
}
