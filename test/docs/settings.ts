/** Every field that an environment variable sets, as the configuration classes of the program declare it. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { CONFIG, decoratedMembers, ENV, type Class, type EnvFact } from 'tenon/decorators'

import { ROOT } from './pages.ts'

export interface Setting extends EnvFact {
  readonly type: Class
  readonly field: string
}

export async function readSettings(): Promise<readonly Setting[]> {
  const files = ['dist/src', 'dist/modules'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('-config.js'))
      .map((file) => join(ROOT, folder, file)),
  )
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href) as Promise<object>))
  const classes = modules.flatMap((module) => Object.values(module).filter(isConfig))
  return classes.flatMap((type) =>
    decoratedMembers(type).flatMap((field) => {
      const fact = ENV.read(type, field)
      return fact ? [{ ...fact, type, field: String(field) }] : []
    }),
  )
}

function isConfig(value: unknown): value is Class {
  return typeof value === 'function' && CONFIG.read(value) !== undefined
}
