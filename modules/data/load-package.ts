/** Drivers are optional peers: loaded when a database asks for one, with the command to run when it is not there. */
import { DatabasePackageMissing } from './data-errors.ts'
import { errorCode } from './error-code.ts'

export interface OptionalPackage {
  readonly name: string
  readonly version: string
  /** The database that needs it. */
  readonly database: string
}

/** @throws `DATA_PACKAGE_MISSING` with the install command. */
export async function loadPackage({ name, version, database }: OptionalPackage): Promise<unknown> {
  try {
    const loaded = (await import(name)) as { readonly default?: unknown }
    return loaded.default ?? loaded
  } catch (error) {
    if (isNotFound(error, name)) throw new DatabasePackageMissing(database, name, version).causedBy(error)
    throw error
  }
}

/** Not so when the package is there and misses something itself. Loaders other than Node's leave out the `ERR_`. */
function isNotFound(error: unknown, name: string): boolean {
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String(errorCode(error))) && (error as Error).message.includes(`'${name}'`)
}
