/** What a model lets out: its declared fields, by the names callers read, with what `@Expose` and `@Exclude` say. */
import { emittedType, type AbstractClass } from '../../decorators/index.ts'
import {
  CLASS_TO_PLAIN,
  decoratedProperties,
  emittedClass,
  lineageOf,
  transformerStorage,
  type TransformerFact,
  type TransformFact,
  type TypeFact,
} from './validation-metadata.ts'

/** One field of a model. */
export interface OutputField {
  readonly property: string
  /** What callers read it by; differs where `@Expose({ name })` says so. */
  readonly key: string
  readonly typed: TypeFact | undefined
  /** The emitted class, where there is no `@Type`. */
  readonly emitted: AbstractClass | undefined
  readonly transforms: readonly TransformFact[]
}

/** The fields of one class. */
export class OutputModel {
  readonly type: AbstractClass
  /** Those the libraries and our own decorators know by name. */
  readonly fields: readonly OutputField[]
  /** `@Exclude()` stands above the class. */
  readonly isExcludedAll: boolean
  readonly #names: ReadonlySet<string>
  readonly #emittedOnly = new Map<string, OutputField>()

  constructor(type: AbstractClass, groups: readonly string[] = []) {
    const names = decoratedProperties(type).filter((name) => emittedType(type.prototype as object, name) !== Function)
    const isExcludedAll = excludesAll(type)
    this.type = type
    this.fields = names
      .filter((name) => isExposed(type, name, isExcludedAll, groups))
      .map((name) => readField(type, name, groups))
    this.#names = new Set(names)
    this.isExcludedAll = isExcludedAll
  }

  /**
   * A field that only the compiler knows of: other libraries' decorators (columns of an entity) make it emit a type,
   * which can be asked for by name and not listed.
   */
  emittedField(name: string): OutputField | undefined {
    if (this.isExcludedAll || this.#names.has(name)) return undefined
    let field = this.#emittedOnly.get(name)
    if (!field) {
      const emitted = emittedType(this.type.prototype as object, name)
      if (emitted === undefined || emitted === Function) return undefined
      this.#emittedOnly.set(name, (field = readField(this.type, name, [])))
    }
    return field
  }
}

/** Models of classes for one set of groups, made when first asked for: a model may nest itself. */
export class OutputModels {
  readonly #known = new Map<AbstractClass, OutputModel>()
  readonly #groups: readonly string[]

  constructor(groups: readonly string[] = []) {
    this.#groups = groups
  }

  of(type: AbstractClass): OutputModel {
    let model = this.#known.get(type)
    if (!model) this.#known.set(type, (model = new OutputModel(type, this.#groups)))
    return model
  }
}

function readField(type: AbstractClass, property: string, groups: readonly string[]): OutputField {
  const storage = transformerStorage()
  const exposed = storage?.findExposeMetadata(type, property)
  const typed = storage?.findTypeMetadata(type, property)
  const transforms = storage?.findTransformMetadatas(type, property, CLASS_TO_PLAIN) ?? []
  return {
    property,
    key: exposed && isOutbound(exposed) ? (exposed.options?.name ?? property) : property,
    typed,
    emitted: typed ? undefined : emittedClass(type, property),
    transforms: transforms.filter((each) => isInGroups(each, groups)),
  }
}

/**
 * `@Exclude()` above the class: only what is exposed leaves. The nearest class that says anything decides, so a
 * subclass does not open what its base closed (class-transformer alone forgets it there).
 */
function excludesAll(type: AbstractClass): boolean {
  const storage = transformerStorage()
  for (const each of lineageOf(type)) {
    const isExcluded = storage?._excludeMetadatas.get(each)?.has(undefined) ?? false
    const isExposedAll = storage?._exposeMetadatas.get(each)?.has(undefined) ?? false
    if (isExcluded !== isExposedAll) return isExcluded
  }
  return false
}

function isExposed(type: AbstractClass, name: string, isExcludedAll: boolean, groups: readonly string[]): boolean {
  const storage = transformerStorage()
  const excluded = storage?.findExcludeMetadata(type, name)
  if (excluded && isOutbound(excluded)) return false
  const exposed = storage?.findExposeMetadata(type, name)
  if (!exposed) return !isExcludedAll
  return isInGroups(exposed, groups) && (!isExcludedAll || isOutbound(exposed))
}

/** Said for one direction only, a fact holds for that one. */
function isOutbound({ options }: TransformerFact): boolean {
  return options?.toClassOnly !== true || options.toPlainOnly === true
}

/** What is said for groups holds in one of them alone. */
function isInGroups({ options }: TransformerFact, groups: readonly string[]): boolean {
  const only = options?.groups ?? []
  return only.length === 0 || only.some((group) => groups.includes(group))
}
