/** Optional peers: loaded when a call asks for what needs one, with the command to run when it is not there. */
import { MfaPackageMissing } from './mfa-errors.ts'

export interface OptionalPackage {
  readonly name: string
  readonly version: string
  /** In the plural: what needs it. */
  readonly feature: string
}

/** @throws `MFA_PACKAGE_MISSING` with the install command. */
export async function loadPackage({ name, version, feature }: OptionalPackage): Promise<unknown> {
  try {
    return await import(name)
  } catch (error) {
    if (isNotFound(error, name)) throw new MfaPackageMissing(feature, name, version).causedBy(error)
    throw error
  }
}

/** Not so when the package is there and misses something itself. Loaders other than Node's leave out the `ERR_`. */
function isNotFound(error: unknown, name: string): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message: string }
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String(code)) && message.includes(`'${name}'`)
}
