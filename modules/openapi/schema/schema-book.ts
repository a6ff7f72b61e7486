/** The models of one document: each class that is taken in or answered becomes a named schema, once. */
import { describeInputs, type InputDescriber, type InputUse, type StandIns } from 'tenon'
import type { AbstractClass } from 'tenon/decorators'

import { furtherRule } from './further-rules.ts'
import { inputModel } from './input-model.ts'
import type { JsonSchema } from './json-schema.ts'
import { nameForms, PLACEHOLDER, type SchemaForm } from './name-forms.ts'
import { outputModel } from './output-model.ts'
import type { RuleTranslator } from './rules-of-field.ts'
import { ruleSchema } from './rule-schemas.ts'

/** What decides about the form of a class beside its direction. */
export interface ModelUse extends InputUse {
  /** It is one of several models, and this property with this value says so. */
  readonly chosenBy?: { readonly property: string; readonly value: string }
}

/** What models ask of the book while they are made. */
export interface ModelShelf {
  readonly describer: InputDescriber
  readonly translate: RuleTranslator
  /** Each field of what callers send says its rules one by one, too. */
  readonly hasChecks: boolean
  /** The class that callers see in the place of another. */
  seen(type: AbstractClass): AbstractClass
  input(type: AbstractClass, use?: ModelUse): JsonSchema
  output(type: AbstractClass, use?: ModelUse): JsonSchema
}

export class SchemaBook implements ModelShelf {
  readonly describer: InputDescriber
  readonly translate: RuleTranslator
  readonly hasChecks: boolean
  readonly #forms = new Map<AbstractClass, Map<string, SchemaForm>>()
  readonly #all: SchemaForm[] = []
  #views = 0

  constructor(describer: InputDescriber, translate: RuleTranslator, hasChecks = false) {
    this.describer = describer
    this.translate = translate
    this.hasChecks = hasChecks
  }

  /** @param types - The classes that endpoints take: class-validator is asked for its rules when one of them has any. */
  static async open(
    types: readonly AbstractClass[],
    { hasChecks = false }: { readonly hasChecks?: boolean } = {},
  ): Promise<SchemaBook> {
    return new SchemaBook(await describeInputs(types), (rule) => ruleSchema(rule) ?? furtherRule(rule), hasChecks)
  }

  /** A reference to what callers may send. */
  input(type: AbstractClass, use: ModelUse = {}): JsonSchema {
    return this.#refer({ type, direction: 'input', use }, 0, () => inputModel(type, use, this))
  }

  /** A reference to what callers read. */
  output(type: AbstractClass, use: ModelUse = {}): JsonSchema {
    return this.#refer({ type, direction: 'output', use }, 0, () => outputModel(type, use, this))
  }

  seen(type: AbstractClass): AbstractClass {
    return type
  }

  /** The book for an operation whose callers see other classes in the place of some: of what is nested, too. */
  through(standIns: StandIns): ModelShelf {
    if (standIns.size === 0) return this
    const view = (this.#views += 1)
    const placed = (type: AbstractClass, refer: (own: AbstractClass) => JsonSchema): JsonSchema => {
      const own = standIns.get(type) ?? type
      return isList(own) ? { type: 'array', items: refer(own[0]) } : refer(own)
    }
    const { describer, translate, hasChecks } = this
    const shelf: ModelShelf = {
      describer,
      translate,
      hasChecks,
      seen: (type) => {
        const own = standIns.get(type) ?? type
        return isList(own) ? type : own
      },
      input: (type, use = {}) =>
        placed(type, (own) =>
          this.#refer({ type: own, direction: 'input', use }, view, () => inputModel(own, use, shelf)),
        ),
      output: (type, use = {}) =>
        placed(type, (own) =>
          this.#refer({ type: own, direction: 'output', use }, view, () => outputModel(own, use, shelf)),
        ),
    }
    return shelf
  }

  /** Schemas by the names that all references in `document` then have. */
  close<T>(document: T): { readonly document: T; readonly schemas: Readonly<Record<string, JsonSchema>> } {
    return nameForms(document, this.#all)
  }

  /** @param view - Whose stand-ins are seen: forms that turn out alike get one name in the end. */
  #refer({ type, direction, use }: Wanted, view: number, make: () => JsonSchema): JsonSchema {
    const { groups = [], mode = 'strict', isChecked = true, chosenBy } = use
    const key = JSON.stringify([direction, groups, direction === 'input' ? [mode, isChecked] : [], chosenBy, view])
    const forms = this.#forms.get(type) ?? new Map<string, SchemaForm>()
    this.#forms.set(type, forms)
    let form = forms.get(key)
    if (!form) {
      const suffix = [
        ...groups.map(capitalized),
        ...(mode === 'strip' && direction === 'input' ? ['Loose'] : []),
        ...(isChecked ? [] : ['Unchecked']),
        ...(chosenBy ? [capitalized(chosenBy.value)] : []),
      ].join('')
      form = { id: this.#all.length, name: type.name, direction, suffix, schema: {} }
      forms.set(key, form)
      this.#all.push(form)
      // A model may contain itself: it is known before it is made.
      form.schema = make()
    }
    return { $ref: `${PLACEHOLDER}${form.id}` }
  }
}

interface Wanted {
  readonly type: AbstractClass
  readonly direction: SchemaForm['direction']
  readonly use: ModelUse
}

function isList(type: AbstractClass | readonly [AbstractClass]): type is readonly [AbstractClass] {
  return Array.isArray(type)
}

function capitalized(word: string): string {
  const clean = word.replaceAll(/[^\w]+/g, '')
  return clean.charAt(0).toUpperCase() + clean.slice(1)
}
