/**
 * Fills a `@Config` class: code (`XModule.with`) over environment over default, converted to the declared types.
 * Collects every problem instead of stopping at the first, so that one start names all that is to be repaired.
 */
import {
  CONFIG,
  decoratedMembers,
  emittedType,
  ENV,
  UNKNOWN_SITE,
  type CallSite,
  type Class,
  type EnvFact,
  type Surroundings,
} from '../../decorators/index.ts'
import { applyRules } from './apply-rules.ts'
import { applySchema } from './apply-schema.ts'
import { checkLimits } from './check-limits.ts'
import { converterFor, type Conversion } from './convert-text.ts'
import type { Environment, VariableOrigin } from './read-environment.ts'
import { secretTexts } from './secret-texts.ts'
import { isSecretField, quoteValue } from './show-value.ts'

/** `code`: set by `XModule.with`. `default`: from `@Env` or the field's initializer. */
export type ConfigOrigin = VariableOrigin | 'code' | 'default' | 'unset'

export type ConfigProblemKind = 'missing' | 'invalid' | 'unreadable' | 'secret-default'

/** One thing wrong with one value. Holds nothing that may not be shown. */
export interface ConfigProblem {
  readonly kind: ConfigProblemKind
  /** `HttpConfig.port`. */
  readonly field: string
  readonly variable: string | undefined
  readonly origin: ConfigOrigin
  /** A verb phrase that follows the variable or the field, the value included when it may be shown. */
  readonly reason: string
  /** The field's place in the source. */
  readonly at: CallSite
}

/** One effective value. */
export interface ConfigValue {
  readonly field: string
  readonly variable: string | undefined
  readonly value: unknown
  readonly origin: ConfigOrigin
  readonly isSecret: boolean
  readonly description: string | undefined
}

/** What came of reading one class. `config` is only to be used when there are no problems. */
export interface ConfigReading<T extends object = object> {
  readonly type: Class<T>
  /** The name given to `@Config`. */
  readonly section: string
  readonly config: T
  readonly problems: readonly ConfigProblem[]
  readonly values: readonly ConfigValue[]
  /** Texts that must not reach a log: register each with the `Redactor`. */
  readonly secrets: readonly string[]
}

interface Field extends EnvFact {
  readonly name: string
  readonly type: unknown
  readonly isSecret: boolean
  readonly at: CallSite
}

interface FieldReading {
  readonly value?: unknown
  readonly origin: ConfigOrigin
  readonly kind?: ConfigProblemKind
  readonly reasons?: readonly string[]
}

/**
 * Reads one configuration class. An empty variable counts as not set.
 * @param overrides - What code sets; wins over the environment and is not converted. `undefined` members are ignored.
 */
export async function readConfig<T extends object>(
  type: Class<T>,
  environment: Environment,
  overrides: Partial<T> = {},
): Promise<ConfigReading<T>> {
  const config = new type()
  const settings = new Map(Object.entries(overrides).filter(([, value]) => value !== undefined))
  const fields = fieldsOf(type)
  const problems: ConfigProblem[] = []
  const values: ConfigValue[] = []

  for (const field of fields) {
    const reading = await readField(field, config, environment, settings)
    const { value, origin, kind = 'invalid', reasons = [] } = reading
    const { name, variable, isSecret, options, at } = field
    ;(config as Record<string, unknown>)[name] = value
    values.push({ field: `${type.name}.${name}`, variable, value, origin, isSecret, description: options.description })
    for (const reason of reasons) problems.push({ kind, field: `${type.name}.${name}`, variable, origin, reason, at })
  }
  values.push(...plainValues(type, config, fields, settings))
  problems.push(...(await ruleProblems(type, config, fields, values, problems)))

  return {
    type,
    section: CONFIG.read(type) ?? type.name,
    config,
    problems,
    values,
    secrets: [...new Set(values.flatMap(secretTexts))],
  }
}

function fieldsOf(type: Class): readonly Field[] {
  return decoratedMembers(type).flatMap((member) => {
    const written = typeof member === 'string' ? ENV.written(type, member) : undefined
    if (!written) return []
    const emitted = emittedType(type, member)
    return [
      {
        ...written.value,
        name: String(member),
        type: emitted,
        isSecret: isSecretField(written.value, emitted),
        at: written.at,
      },
    ]
  })
}

async function readField(
  field: Field,
  config: object,
  environment: Environment,
  settings: ReadonlyMap<string, unknown>,
): Promise<FieldReading> {
  const { name, variable, options, isSecret } = field
  if (settings.has(name)) return limited(field, settings.get(name), 'code')
  if (variable.endsWith('*')) return readFamily(variable.slice(0, -1), environment)

  const fallback = defaultOf(field, config, environment)
  const text = environment.variables[variable]
  if (text !== undefined && text.trim() !== '') {
    const origin = environment.originOf(variable) ?? 'process'
    return converted(field, await convert(field, text, fallback), text, origin)
  }
  if (fallback !== undefined) return readDefault(field, fallback, environment)
  if (options.optional) return { origin: 'unset' }
  if (options.schema !== undefined) {
    const given = await applySchema(options.schema, undefined, isSecret)
    if ('value' in given && given.value !== undefined) return readDefault(field, given.value, environment)
  }
  const empty = text !== undefined
  const origin = (empty && environment.originOf(variable)) || 'unset'
  return { origin, kind: 'missing', reasons: [empty ? 'is empty' : 'is not set'] }
}

/** The texts of all variables that begin so, by the rest of their names. */
function readFamily(prefix: string, environment: Environment): FieldReading {
  const found = Object.entries(environment.variables).filter(
    ([name, text]) => name.startsWith(prefix) && name !== prefix && text !== undefined && text.trim() !== '',
  )
  const [first] = found
  if (!first) return { origin: 'unset' }
  const value = Object.fromEntries(found.map(([name, text]) => [name.slice(prefix.length), text]))
  return { value, origin: environment.originOf(first[0]) ?? 'process' }
}

/** The default of `@Env`, else the field's initializer. */
function defaultOf({ name, options }: Field, config: object, environment: Environment): unknown {
  const given = options.default
  if (typeof given !== 'function') return given ?? (config as Record<string, unknown>)[name]
  const surroundings: Surroundings = { environment: environment.name, variables: environment.variables }
  return given(surroundings)
}

/** A default may be written as text, for dates and URLs. */
function readDefault(field: Field, fallback: unknown, environment: Environment): FieldReading {
  if (field.options.secret && environment.isProduction) {
    return { value: fallback, origin: 'default', kind: 'secret-default', reasons: ['is a secret with a default'] }
  }
  const converter = typeof fallback === 'string' && field.options.schema === undefined && converterFor(field.type)
  return converter ? converted(field, converter(fallback), fallback, 'default') : limited(field, fallback, 'default')
}

/** Unions and missing metadata hide the type; the type of a default tells it too. */
async function convert(field: Field, text: string, fallback: unknown): Promise<Conversion | undefined> {
  if (field.options.schema !== undefined) return applySchema(field.options.schema, text, field.isSecret)
  const converter = converterFor(field.type) ?? converterFor((fallback as object | null | undefined)?.constructor)
  return converter?.(text)
}

function converted(field: Field, result: Conversion | undefined, from: string, origin: ConfigOrigin): FieldReading {
  if (!result) {
    const reasons = ['has a type that cannot be read from text']
    return { origin, kind: 'unreadable', reasons }
  }
  return 'value' in result
    ? limited(field, result.value, origin)
    : { origin, reasons: [result.reason + quoteValue(from, field.isSecret)] }
}

function limited({ options, isSecret }: Field, value: unknown, origin: ConfigOrigin): FieldReading {
  const reasons = checkLimits(value, options, isSecret).map((reason) => reason + quoteValue(value, isSecret))
  return { value, origin, reasons }
}

/** Fields without `@Env`: their initializer, or what code sets. */
function plainValues(
  type: Class,
  config: object,
  fields: readonly Field[],
  settings: ReadonlyMap<string, unknown>,
): readonly ConfigValue[] {
  const fromEnvironment = new Set(fields.map(({ name }) => name))
  for (const [name, value] of settings) {
    if (!fromEnvironment.has(name)) (config as Record<string, unknown>)[name] = value
  }
  return Object.entries(config)
    .filter(([name]) => !fromEnvironment.has(name))
    .map(([name, value]) => ({
      field: `${type.name}.${name}`,
      variable: undefined,
      value: value as unknown,
      origin: settings.has(name) ? ('code' as const) : ('default' as const),
      isSecret: isSecretField({ variable: name, options: {} }, (value as object | null | undefined)?.constructor),
      description: undefined,
    }))
}

/** What class-validator says about values that are not known to be wrong already, and are there. */
async function ruleProblems(
  type: Class,
  config: object,
  fields: readonly Field[],
  values: readonly ConfigValue[],
  known: readonly ConfigProblem[],
): Promise<readonly ConfigProblem[]> {
  const valueOf = (name: string): ConfigValue | undefined =>
    values.find(({ field }) => field === `${type.name}.${name}`)
  const broken = await applyRules(type, config, (name) => valueOf(name)?.isSecret ?? true)
  return broken.flatMap(({ field: name, reason }) => {
    const field = fields.find((each) => each.name === name)
    const { value, origin = 'unset' as const, isSecret = true } = valueOf(name) ?? {}
    const path = `${type.name}.${name}`
    if (known.some((problem) => problem.field === path) || (value === undefined && field?.options.optional)) return []
    const at = field?.at ?? CONFIG.written(type)?.at ?? UNKNOWN_SITE
    return [
      {
        kind: 'invalid' as const,
        field: path,
        variable: field?.variable,
        origin,
        reason: reason + quoteValue(value, isSecret),
        at,
      },
    ]
  })
}
