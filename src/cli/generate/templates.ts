/** The templates that come with the package: files of text around a few holes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { packageFolder } from '../own-package.ts'

/** @param path - Below the folder of templates, without ending: `resource/entity`. */
export type Render = (path: string, holes: object) => string

export async function openTemplates(): Promise<Render> {
  const { Eta } = await import('eta')
  // What is written is code, not a page.
  const eta = new Eta({ autoEscape: false, autoTrim: false, varName: 'it' })
  return (path, holes) => {
    const text = readFileSync(join(packageFolder(), 'templates', `${path}.eta`), 'utf8')
    return tidy(eta.renderString(withoutDecisions(text), holes))
  }
}

/** Lines that hold nothing but a decision leave nothing. */
function withoutDecisions(text: string): string {
  return text.replaceAll(/^[ \t]*(<%(?!=)(?:[^%]|%(?!>))*%>)[ \t]*\n/gm, '$1')
}

/** Groups of empty lines are one, and none begins or ends a block. */
function tidy(text: string): string {
  return `${text
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/\{\n\n/g, '{\n')
    .replaceAll(/\n\n([ \t]*\})/g, '\n$1')
    .trim()}\n`
}
