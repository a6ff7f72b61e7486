/** Entities of the project that generated code leads to: read from the sources, nothing is run. */
import { readFileSync } from 'node:fs'

import { decoratorsOf } from '../../../check/source-rules/class-index.ts'
import type { Syntax } from '../../../check/source-rules/source-program.ts'
import type { Target } from '../fields/column.ts'
import type { Layout } from '../layout.ts'
import { parse } from './edit.ts'

/** A class with the file it is in. */
export interface FoundClass {
  readonly node: import('ts-morph').ts.ClassDeclaration
  readonly file: string
  readonly text: string
}

/** @returns `undefined` when no source declares it. */
export function findEntity(layout: Layout, type: string): Target | undefined {
  const { syntax } = layout
  const found = findClass(layout, (node) => node.name?.text === type && isDecorated(syntax, node, 'Entity'))
  if (!found) return undefined
  const repository = findClass(layout, (node) =>
    decoratorsOf(syntax, node).some(
      ({ name, arguments: [entity] }) => name === 'Repository' && entity?.getText() === type,
    ),
  )
  return {
    type,
    file: found.file,
    key: keyOf(syntax, found.node),
    factory: findFactory(layout, type),
    repository: repository && { name: repository.node.name!.text, file: repository.file },
  }
}

/** The first class of the project that fits. */
export function findClass(
  { syntax, files }: Pick<Layout, 'syntax' | 'files'>,
  fits: (node: FoundClass['node']) => boolean,
): FoundClass | undefined {
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    if (!text.includes('@')) continue
    const node = parse(syntax, text).statements.find(
      (each): each is FoundClass['node'] => syntax.isClassDeclaration(each) && fits(each),
    )
    if (node) return { node, file, text }
  }
  return undefined
}

export function isDecorated(syntax: Syntax, node: FoundClass['node'], decorator: string): boolean {
  return decoratorsOf(syntax, node).some(({ name }) => name === decorator)
}

function keyOf(syntax: Syntax, node: FoundClass['node']): Target['key'] {
  const key = node.members
    .filter(syntax.isPropertyDeclaration)
    .find((each) =>
      decoratorsOf(syntax, each).some(({ name }) => name === 'PrimaryColumn' || name === 'PrimaryGeneratedColumn'),
    )
  return key?.type?.getText() === 'string' ? 'string' : 'number'
}

/** `export const orders = factory(Order, …)`, with or without `export`ed neighbours. */
function findFactory({ files }: Layout, type: string): Target['factory'] {
  const pattern = new RegExp(String.raw`export const (\w+)(?::[^=]+)? = factory\(\s*${type}\b`)
  for (const file of files) {
    const name = pattern.exec(readFileSync(file, 'utf8'))?.[1]
    if (name !== undefined) return { name, file }
  }
  return undefined
}

/** A column that must have a value. */
export interface MadeUp {
  readonly name: string
  readonly type: string
  /** An expression; `undefined` where only somebody who knows the type can say. */
  readonly value: string | undefined
}

/** Values for the columns that must have one, by their types. */
export function fieldsOf(syntax: Syntax, node: FoundClass['node']): readonly MadeUp[] {
  return node.members.filter(syntax.isPropertyDeclaration).flatMap((member) => {
    const decorators = decoratorsOf(syntax, member)
    const isKey = decorators.some(({ name }) => name === 'PrimaryColumn')
    if (!isKey && !decorators.some(({ name }) => name === 'Column')) return []
    const type = member.type?.getText() ?? 'string'
    const options = decorators.map(({ node: decorator }) => decorator.getText()).join()
    if (/\bnull\b/.test(type) || /\b(?:nullable: true|default:)/.test(options)) return []
    const name = member.name.getText()
    return [{ name, type, value: valueFor(type, name) }]
  })
}

function valueFor(type: string, name: string): string | undefined {
  if (type === 'number') return '({ sequence }) => sequence'
  if (type === 'boolean') return 'false'
  if (type === 'Date') return "new Date('2026-01-01T12:00:00Z')"
  if (type === 'string') return `({ sequence }) => \`${name} \${sequence}\``
  return undefined
}
