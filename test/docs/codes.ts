/**
 * Every code the program can speak, read from its sources: what is not exported counts too. A definition that does not
 * begin with its code as text is an error, so none can be missed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { STATUS_TITLES, statusCode } from '../../src/errors/http-exceptions.ts'
import { ROOT } from './pages.ts'

export interface Code {
  readonly code: string
  /** The status it is answered with, or how severe a finding it is. */
  readonly weight: string
  /** The fixed parts of its message; none where the message is not one template. */
  readonly parts: readonly string[]
}

/** Where the two functions themselves are defined. */
const DEFINITIONS = new Set(['errors/define-error.ts', 'check/diagnostic.ts'])

export function readCodes(): readonly Code[] {
  const sources = ['src', 'modules'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !DEFINITIONS.has(file.replaceAll('\\', '/')))
      .map((file) => ({ file, text: readFileSync(join(ROOT, folder, file), 'utf8') })),
  )
  const statuses = Object.entries(STATUS_TITLES).map(([status, title]) => ({
    code: statusCode(Number(status)),
    weight: status,
    parts: [title],
  }))
  return [...sources.flatMap(({ file, text }) => codesIn(file, text)), ...statuses]
}

/** @throws an error for a definition that cannot be read. */
export function codesIn(file: string, text: string): readonly Code[] {
  return text
    .split(/\bdefine(?=(?:Error|Diagnostic)\()/)
    .slice(1)
    .map((definition) => {
      const code = /^(?:Error|Diagnostic)\(\{\s*code: '([A-Z]+(?:_[A-Z]+)*)',/.exec(definition)?.[1]
      if (code === undefined) throw new Error(`${file} defines an error that does not begin with its code`)
      const status = /\bstatus: (\d+)/.exec(definition)?.[1]
      const severity = /\bseverity: '(\w+)'/.exec(definition)?.[1] ?? 'error'
      return { code, weight: definition.startsWith('Error') ? status! : severity, parts: partsOf(definition) }
    })
}

function partsOf(definition: string): readonly string[] {
  const message = /\bmessage: \([^)]*\)(?:: string)? =>\s*(?:`([^`]*)`|'([^']*)'),\s*help:/.exec(definition)
  const template = message?.[1] ?? message?.[2] ?? ''
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('\\n', ' ').trim())
  return parts.filter((part) => part !== '')
}
