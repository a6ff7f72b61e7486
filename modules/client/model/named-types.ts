/** For languages in which every type has a name: what stands inside of another type gets one. */
import { referredName, type JsonSchema } from 'tenon/openapi'

import type { ClientModel, ClientOperation } from './client-model.ts'
import { pascalCase, uniqueName } from './names.ts'

export type TypeRef =
  | { readonly kind: 'text' | 'number' | 'whole' | 'truth' | 'moment' | 'file' | 'any' | 'nothing' }
  | { readonly kind: 'list' | 'map'; readonly of: TypeRef }
  | { readonly kind: 'maybe'; readonly of: TypeRef }
  | { readonly kind: 'named'; readonly name: string }

export interface NamedField {
  /** As it travels. */
  readonly name: string
  readonly type: TypeRef
  readonly isRequired: boolean
  readonly description: string | undefined
}

export type NamedType =
  | {
      readonly kind: 'object'
      readonly name: string
      readonly description?: string
      readonly fields: readonly NamedField[]
      /** It gathers what a call takes, and does not travel itself. */
      readonly isInput?: true
    }
  | { readonly kind: 'texts'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'alias'; readonly name: string; readonly type: TypeRef }

export type NamedObject = Extract<NamedType, { readonly kind: 'object' }>

/** Types of one client, gathered while its operations are described. */
export class NamedTypes {
  readonly all: NamedType[] = []
  readonly #taken: Set<string>
  readonly #models: ReadonlyMap<string, string>

  /** @param reserved - Names of the language and of the template. */
  constructor({ models }: ClientModel, reserved: readonly string[]) {
    this.#taken = new Set(reserved)
    this.#models = new Map(models.map(({ name }) => [name, uniqueName(pascalCase(name), this.#taken)]))
    for (const { name, schema } of models) this.#declare(this.#models.get(name)!, schema)
  }

  /** @param name - What the type is called if it needs a name. */
  of(schema: JsonSchema, name: string): TypeRef {
    if (schema.$ref !== undefined) {
      const model = this.#models.get(referredName(schema.$ref))
      return model === undefined ? { kind: 'any' } : { kind: 'named', name: model }
    }
    const several = schema.type === undefined ? (schema.oneOf ?? schema.anyOf) : undefined
    if (several) {
      const [one, ...more] = several.filter((each) => each.type !== 'null')
      // Which of several it is, these languages leave to whoever reads it.
      const type: TypeRef = one && more.length === 0 ? this.of(one, name) : { kind: 'any' }
      return several.some((each) => each.type === 'null') ? maybe(type) : type
    }
    const types = (typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])).filter(
      (type) => type !== 'null',
    )
    const isNullable = Array.isArray(schema.type) && schema.type.includes('null')
    const type = this.#one(types.length === 1 ? types[0]! : undefined, schema, name)
    return isNullable ? maybe(type) : type
  }

  /** The input of an operation as an object type; `undefined` where it takes nothing. */
  inputOf({ inputs, body, typeName }: ClientOperation): NamedObject | undefined {
    if (inputs.length === 0 && !body) return undefined
    const fields = inputs.map(({ name, schema, isRequired, description }): NamedField => ({
      name,
      type: this.of(schema, `${typeName}${pascalCase(name)}`),
      isRequired,
      description,
    }))
    if (body) {
      const type: TypeRef = body.form === 'bytes' ? { kind: 'file' } : this.of(body.schema, `${typeName}Body`)
      fields.push({ name: 'body', type, isRequired: body.isRequired, description: undefined })
    }
    const name = uniqueName(`${typeName}Input`, this.#taken)
    const declared: NamedObject = { kind: 'object', name, fields, isInput: true }
    this.all.push(declared)
    return declared
  }

  #declare(name: string, schema: JsonSchema): void {
    if (schema.properties || schema.allOf) this.#object(name, schema)
    else if (isTexts(schema)) this.all.push({ kind: 'texts', name, values: textsOf(schema) })
    else this.all.push({ kind: 'alias', name, type: this.of(schema, `${name}Value`) })
  }

  #one(type: string | undefined, schema: JsonSchema, name: string): TypeRef {
    if (isTexts(schema)) {
      const texts = uniqueName(name, this.#taken)
      this.all.push({ kind: 'texts', name: texts, values: textsOf(schema) })
      return { kind: 'named', name: texts }
    }
    switch (type) {
      case 'string':
        return { kind: schema.format === 'date-time' ? 'moment' : 'text' }
      case 'integer':
        return { kind: 'whole' }
      case 'number':
        return { kind: 'number' }
      case 'boolean':
        return { kind: 'truth' }
      case 'array':
        return { kind: 'list', of: this.of(schema.items ?? {}, `${name}Item`) }
      case 'object':
        return this.#mapOrObject(schema, name)
      default:
        return { kind: schema['contentMediaType'] === undefined || type !== undefined ? 'any' : 'file' }
    }
  }

  #mapOrObject(schema: JsonSchema, name: string): TypeRef {
    if (!schema.properties) {
      const { additionalProperties: values } = schema
      return { kind: 'map', of: typeof values === 'object' ? this.of(values, `${name}Value`) : { kind: 'any' } }
    }
    const inner = uniqueName(name, this.#taken)
    this.#object(inner, schema)
    return { kind: 'named', name: inner }
  }

  #object(name: string, schema: JsonSchema): void {
    const parts = schema.allOf?.filter((part) => part.properties) ?? [schema]
    const fields = parts.flatMap(({ properties = {}, required = [] }) =>
      Object.entries(properties).map(([field, each]): NamedField => ({
        name: field,
        type: this.of(each, `${name}${pascalCase(field)}`),
        isRequired: required.includes(field),
        description: each['description'] as string | undefined,
      })),
    )
    const description = schema['description'] as string | undefined
    this.all.push({ kind: 'object', name, fields, ...(description === undefined ? {} : { description }) })
  }
}

function maybe(type: TypeRef): TypeRef {
  return type.kind === 'maybe' ? type : { kind: 'maybe', of: type }
}

function textsOf(schema: JsonSchema): readonly string[] {
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const]
  return values.filter((value): value is string => typeof value === 'string')
}

function isTexts(schema: JsonSchema): boolean {
  const others = [...(schema.enum ?? []), schema.const].filter((value) => value !== null && value !== undefined)
  return others.length > 0 && others.every((value) => typeof value === 'string')
}
