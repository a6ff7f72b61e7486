/** Classes that say what they are for, and that no module lists: their routes, commands and hooks do not exist. */
import { basename } from 'node:path'

import { defineDiagnostic } from '../../diagnostic.ts'
import type { ClassSource } from '../class-index.ts'
import { siteOf, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const ClassUnlisted = defineDiagnostic({
  code: 'SOURCE_CLASS_UNLISTED',
  severity: 'warning',
  message: (name: string, kind: string, _list: string) =>
    `${name} is a @${kind}() that no module lists, so it never exists.`,
  help: (name, _kind, list) => `Add ${name} to \`${list}\` of a module that the application imports, or remove it.`,
})

/** Where a class of each kind is listed. */
const LISTS: Readonly<Record<string, string>> = {
  Controller: 'controllers',
  Module: 'imports',
  Injectable: 'providers',
  Service: 'providers',
  Repository: 'providers',
  Interceptor: 'interceptors',
  Seeder: 'providers',
  Upgrade: 'providers',
}

export const unlistedClasses: SourceRule = ({ syntax, classes, graph }) => {
  const known = new Set([
    ...graph.providers.flatMap(({ implementation, token }) => [implementation?.name, nameIfClass(token)]),
    ...graph.modules.map(({ name }) => name),
    ...graph.interceptors.map(({ name }) => name),
  ])
  const found: SourceFinding[] = []
  for (const type of classes.all) {
    const kind = type.decorators.find(({ name }) => Object.hasOwn(LISTS, name))
    if (!kind || known.has(type.name) || isOptional(type)) continue
    if (type.node.modifiers?.some((each) => each.kind === syntax.SyntaxKind.AbstractKeyword)) continue
    if (classes.all.some(({ parent }) => parent === type.name) || isNamedByDecorator(type, classes.all)) continue
    found.push({ diagnostic: ClassUnlisted({ at: siteOf(kind.node) }, type.name, kind.name, LISTS[kind.name]!) })
  }
  return { found }
}

function nameIfClass(token: unknown): string | undefined {
  return typeof token === 'function' ? token.name : undefined
}

/** Under a condition that does not hold here it may be listed all the same. */
function isOptional({ decorators }: ClassSource): boolean {
  return decorators.some(({ name }) => name === 'When')
}

/** `@Use(X)` and the like, or `lazy(() => import('./its-file.ts'))`: decorators name it, so it is built where they stand. */
function isNamedByDecorator({ name, node }: ClassSource, all: readonly ClassSource[]): boolean {
  const file = basename(node.getSourceFile().fileName).replace(/\.\w+$/, '')
  const word = new RegExp(
    `\\b${name}\\b|\\bimport\\(['"](?:[^'"]*/)?${file.replaceAll(/[^\w-]/g, String.raw`\$&`)}\\.\\w+['"]\\)`,
  )
  return all.some(({ decorators, methods }) =>
    [...decorators, ...methods.flatMap((method) => method.decorators)].some(
      (each) => each.name !== 'Skip' && each.arguments.some((argument) => word.test(argument.getText())),
    ),
  )
}
