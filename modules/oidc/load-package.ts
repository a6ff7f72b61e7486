/** Optional peers: loaded with the first login or request that needs one, with the command to run when it is not there. */
import { OidcPackageMissing } from './oidc-errors.ts'

/** @throws `OIDC_PACKAGE_MISSING` with the install command. */
export async function loadPackage<T>(load: () => Promise<T>, name: string, version: string): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (isNotFound(error, name)) throw new OidcPackageMissing(name, version).causedBy(error)
    throw error
  }
}

/** Not so when the package is there and misses something itself. Loaders other than Node's leave out the `ERR_`. */
function isNotFound(error: unknown, name: string): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message: string }
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String(code)) && message.includes(`'${name}'`)
}
