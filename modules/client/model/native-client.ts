/** What the templates of languages with named types are filled with. */
import type { OpenApiDocument } from 'tenon/openapi'

import type { ClientGroup, ClientOperation } from './client-model.ts'
import { NamedTypes, type NamedField, type NamedType, type TypeRef } from './named-types.ts'
import { render } from '../render.ts'
import { allGroups } from './group-tree.ts'
import { camelCase, pascalCase } from './names.ts'
import { readDocument } from './read-document.ts'

/** A language in which every type has a name, and `?` behind a type says that there may be nothing. */
export interface Language {
  /** Names that models must not have. */
  readonly reserved: readonly string[]
  /** Types that consist of no others. */
  readonly words: Readonly<
    Record<Exclude<TypeRef, { readonly of: TypeRef } | { readonly name: string }>['kind'], string>
  >
  list(of: string): string
  map(of: string): string
  /** A name that may be a word of the language. */
  name(word: string): string
  /** What every enum has already. */
  readonly ofEnums: readonly string[]
  /** A text as a literal. */
  text(value: string): string
  /** How values become JSON, where the language does not know by itself. */
  readonly codec?: {
    decoded(ref: TypeRef, value: string, types: ReadonlyMap<string, NamedType>): string
    encoded(ref: TypeRef, value: string, types: ReadonlyMap<string, NamedType>): string
  }
}

/** A type as it is written. */
function typeIn(language: Language, ref: TypeRef): string {
  switch (ref.kind) {
    case 'list':
      return language.list(typeIn(language, ref.of))
    case 'map':
      return language.map(typeIn(language, ref.of))
    case 'maybe':
      return `${typeIn(language, ref.of).replace(/\?$/, '')}?`
    case 'named':
      return ref.name
    default:
      return language.words[ref.kind]
  }
}

/** Fills the template of a language. */
export async function printNative(template: string, document: OpenApiDocument, language: Language): Promise<string> {
  const model = readDocument(document)
  const types = new NamedTypes(model, language.reserved)
  const groups = model.groups.map((group) => describeGroup(group, types, language))
  const byName = new Map(types.all.map((type) => [type.name, type]))
  return render(template, {
    text: (value: string) => language.text(value),
    decoded: (ref: TypeRef, value: string) => language.codec?.decoded(ref, value, byName),
    encoded: (ref: TypeRef, value: string) => language.codec?.encoded(ref, value, byName),
    title: model.title.replaceAll('*/', ''),
    version: model.version,
    /** Those of the client itself; each has further ones. */
    groups,
    /** All of them: each is a type. */
    allGroups: groups.flatMap(withInner),
    /** What these clients leave to the application. */
    left: allGroups(model.groups).flatMap(({ operations }) =>
      operations.filter((each) => !isPlain(each)).map(({ method, path }) => `${method} ${path}`),
    ),
    types: types.all.map((type) => declared(type, language)),
  })
}

interface DescribedGroup {
  readonly name: string
  readonly typeName: string
  readonly operations: readonly ReturnType<typeof describeOperation>[]
  readonly groups: readonly DescribedGroup[]
}

function describeGroup(group: ClientGroup, types: NamedTypes, language: Language, outer = ''): DescribedGroup {
  const own = `${outer}${pascalCase(group.name)}`
  return {
    name: language.name(group.name),
    typeName: `${own}Api`,
    operations: group.operations.filter(isPlain).map((operation) => describeOperation(operation, types, language)),
    groups: group.groups.map((each) => describeGroup(each, types, language, own)),
  }
}

function withInner(group: DescribedGroup): readonly DescribedGroup[] {
  return [group, ...group.groups.flatMap(withInner)]
}

function describeOperation(operation: ClientOperation, types: NamedTypes, language: Language) {
  const input = types.inputOf(operation)
  const [output] = operation.outputs
  const answer: TypeRef =
    output?.kind === 'json' && output.schema
      ? types.of(output.schema, `${operation.typeName}Output`)
      : { kind: output?.kind === 'text' ? 'text' : output?.kind === 'nothing' ? 'nothing' : 'file' }
  return {
    ...operation,
    name: language.name(operation.name),
    summary: operation.summary,
    input: input?.name,
    output: typeIn(language, answer),
    outputKind: answer.kind,
    answer,
    bodyType: input?.fields.find(({ name: field }) => field === 'body')?.type,
    bodyForm: operation.body?.form,
    /** What it is called where the version of the API stands in this place. */
    versionIn: (place: string) => (operation.version?.place === place ? operation.version.name : undefined),
    placed: (place: string) =>
      operation.inputs
        .filter((each) => each.place === place)
        .map(({ name, wireName, isRequired }) => ({ name: language.name(name), wireName, isRequired })),
  }
}

/** Neither a form with files nor a stream of events. */
function isPlain({ body, outputs }: ClientOperation): boolean {
  const isForm = body?.form === 'multipart' || body?.form === 'form'
  return !isForm && outputs.every(({ kind }) => kind !== 'events')
}

function declared(type: NamedType, language: Language) {
  if (type.kind === 'texts') {
    const values = type.values.map((value) => ({
      value: language.text(value),
      name: language.name(constantName(value, language)),
    }))
    return { ...type, values: distinct(values) }
  }
  if (type.kind === 'alias') return { ...type, type: typeIn(language, type.type) }
  return { ...type, fields: type.fields.map((field) => describeField(field, language)) }
}

function describeField({ name, type, isRequired, description }: NamedField, language: Language) {
  const optional: TypeRef = isRequired || type.kind === 'maybe' ? type : { kind: 'maybe', of: type }
  return {
    wire: language.text(name),
    ref: optional,
    name: language.name(camelCase(name)),
    type: typeIn(language, optional),
    isOptional: !isRequired,
    description: description?.replaceAll(/\s+/g, ' ').replaceAll('*/', ''),
  }
}

/** `-createdAt` → `minusCreatedAt` */
function constantName(value: string, { ofEnums }: Language): string {
  const name = camelCase(value.replace(/^-/, 'minus ').replace(/^\+/, 'plus '))
  if (name === '_') return 'empty'
  return ofEnums.includes(name) ? `${name}_` : name
}

function distinct<T extends { readonly name: string }>(values: readonly T[]): readonly T[] {
  const seen = new Map<string, number>()
  return values.map((value) => {
    const count = (seen.get(value.name) ?? 0) + 1
    seen.set(value.name, count)
    return count === 1 ? value : { ...value, name: `${value.name}${count}` }
  })
}
