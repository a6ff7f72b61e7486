/** The files that a source imports by relative paths, types included. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import type { Layout } from '../layout.ts'
import { parse } from './edit.ts'

export function importsOf({ syntax }: Pick<Layout, 'syntax'>, file: string): readonly string[] {
  return parse(syntax, readFileSync(file, 'utf8')).statements.flatMap((each) => {
    if (!syntax.isImportDeclaration(each) || !syntax.isStringLiteral(each.moduleSpecifier)) return []
    const { text } = each.moduleSpecifier
    if (!text.startsWith('.')) return []
    const target = resolve(dirname(file), text)
    return [target.replace(/\.js$/, '.ts'), `${target}.ts`].filter((path) => path.endsWith('.ts') && existsSync(path))
  })
}
