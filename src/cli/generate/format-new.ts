/** New files in the format of the project, where it has a formatter that we know. */
import { pathToFileURL } from 'node:url'

import { resolveOptional } from '../load-optional.ts'
import type { NewFile } from './plan.ts'

interface Formatter {
  format(
    file: string,
    text: string,
    options?: object,
  ): Promise<{ readonly code: string; readonly errors: readonly unknown[] }>
}

/** The options of Tenon's own style; templates are written in it, only what has become too long is folded. */
const STYLE = { semi: false, singleQuote: true, printWidth: 120, sortPackageJson: false }

/** What cannot be formatted stays as the template has it. */
export async function formatNew(files: readonly NewFile[], folder: string): Promise<readonly NewFile[]> {
  const path = resolveOptional('oxfmt', folder)
  if (path === undefined) return files
  const { format } = (await import(pathToFileURL(path).href)) as Formatter
  return Promise.all(
    files.map(async (each) => {
      const { code, errors } = await format(each.file, each.text, STYLE)
      return errors.length > 0 ? each : { ...each, text: code }
    }),
  )
}
