/** Packages that only some commands need: loaded when one does, with the command to run when they are not there. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { CliPackageMissing } from './cli-errors.ts'

export interface OptionalTool {
  /** What needs it: `tenon dev`. */
  readonly feature: string
  readonly name: string
  readonly version: string
}

/**
 * The package of the project, else the one beside Tenon.
 * @throws `CLI_PACKAGE_MISSING` with the install command.
 */
export async function loadOptional<T>({ feature, name, version }: OptionalTool, folder: string): Promise<T> {
  const path = resolveOptional(name, folder)
  if (path === undefined) throw new CliPackageMissing(feature, name, version)
  return (await import(pathToFileURL(path).href)) as T
}

/** The file behind a package; `undefined` when it is not installed. */
export function resolveOptional(name: string, folder: string): string | undefined {
  for (const from of [join(folder, 'package.json'), import.meta.filename]) {
    try {
      return createRequire(from).resolve(name)
    } catch {
      continue
    }
  }
  return undefined
}
