/** The script of the documentation page (Scalar), as it lies in this package: compressed, and complete. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

import { PageMissing } from '../openapi-errors.ts'

const NAME = join('vendor', 'scalar-api-reference.js.gz')

/** @throws `OPENAPI_PAGE_MISSING` */
export function referenceScript(): Buffer {
  const root = dirname(createRequire(import.meta.url).resolve('tenon/package.json'))
  // Where the repository builds to, and where the published package has it.
  const files = ['dist', 'runtime'].map((folder) => join(root, folder, NAME))
  for (const file of files) {
    try {
      return readFileSync(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new PageMissing(files[0]!)
}

/** For those who do not take compressed answers, and for files. */
export function plainReferenceScript(): Buffer {
  return gunzipSync(referenceScript())
}
