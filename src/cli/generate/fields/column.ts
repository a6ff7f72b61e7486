/** What a field becomes in each of the generated files. */
import { namesOf } from '../names.ts'
import type { Field, FieldType } from './field.ts'

/** An entity that a field belongs to, as it was found in the sources. */
export interface Target {
  readonly type: string
  readonly file: string
  /** Of its primary key. */
  readonly key: 'number' | 'string'
  /** The factory that makes it, and the repository that reads it. */
  readonly factory: { readonly name: string; readonly file: string } | undefined
  readonly repository: { readonly name: string; readonly file: string } | undefined
}

/** One column of a generated entity, in the words of TypeScript. */
export interface Column {
  readonly field: Field
  /** Property and column: `customerId`. */
  readonly name: string
  /** `string`, `OrderState`. */
  readonly type: string
  /** Options of `@Column` and of the migration's column, without braces. */
  readonly options: readonly string[]
  readonly migration: readonly string[]
  /** Decorators of a request. */
  readonly rules: readonly string[]
  /** Decorators of an answer that say its type where the compiler does not hand it on. */
  readonly viewRules: readonly string[]
  /** A constant and a type that stand above the entity. */
  readonly constant: string | undefined
  /** What a factory makes: an expression. */
  readonly factory: string
  /** Whether lists may be sorted by it, and asked for one value of it. */
  readonly isSortable: boolean
  readonly isFilter: boolean
  readonly target: Target | undefined
}

interface TypeParts {
  readonly type: string
  readonly column: readonly string[]
  /** Where it is another one. */
  readonly migration?: readonly string[]
  readonly rules: readonly string[]
  /** An expression; `{n}` counts the rows. */
  readonly factory: string
  readonly isSortable?: boolean
  readonly isFilter?: boolean
}

/** What a request for a list has already. */
const ASKED = new Set(['page', 'size', 'sort'])

const KEY = { number: 'integer', string: 'uuid' } as const

const PARTS: Readonly<Record<Exclude<FieldType, 'enum' | 'belongsTo' | 'hasMany'>, TypeParts>> = {
  string: {
    type: 'string',
    column: ["type: 'varchar'", 'length: 255'],
    rules: ['Length(1, 255)'],
    factory: '({ sequence }) => `{label} ${sequence}`',
    isSortable: true,
  },
  text: {
    type: 'string',
    column: ["type: 'text'"],
    rules: ['Length(1, 10_000)'],
    factory: '({ sequence }) => `{label} ${sequence}`',
  },
  integer: {
    type: 'number',
    column: ["type: 'integer'"],
    rules: ['IsInt()', 'Min(-2_147_483_648)', 'Max(2_147_483_647)'],
    factory: '({ sequence }) => sequence',
    isSortable: true,
  },
  number: {
    type: 'number',
    column: ["type: 'double precision'"],
    rules: ['IsNumber()'],
    factory: '({ sequence }) => sequence + 0.5',
    isSortable: true,
  },
  decimal: {
    type: 'number',
    column: ["type: 'decimal'", 'precision: 12', 'scale: 2', 'transformer: DECIMAL'],
    migration: ["type: 'decimal'", 'precision: 12', 'scale: 2'],
    rules: ['IsNumber({ maxDecimalPlaces: 2 })', 'Min(-9_999_999_999.99)', 'Max(9_999_999_999.99)'],
    factory: '({ sequence }) => sequence + 0.25',
    isSortable: true,
  },
  boolean: {
    type: 'boolean',
    column: ["type: 'boolean'"],
    rules: ['IsBoolean()'],
    factory: '({ random }) => random.chance(0.5)',
    isSortable: true,
    isFilter: true,
  },
  date: {
    type: 'string',
    column: ["type: 'date'"],
    rules: [String.raw`Matches(/^\d{4}-\d{2}-\d{2}$/)`, 'IsISO8601({ strict: true })'],
    factory: '({ sequence }) => new Date(Date.UTC(2026, 0, sequence)).toISOString().slice(0, 10)',
    isSortable: true,
  },
  datetime: {
    type: 'Date',
    column: ['type: Date'],
    migration: ['type: moment'],
    rules: ['Type(() => Date)', 'IsDate()'],
    factory: '({ sequence }) => new Date(Date.UTC(2026, 0, 1, 12, 0, sequence))',
    isSortable: true,
  },
  uuid: {
    type: 'string',
    column: ["type: 'varchar'", 'length: 36'],
    rules: ['IsUUID()'],
    factory: "({ sequence }) => `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`",
    isSortable: true,
  },
  json: {
    // `unknown` would not fit what TypeORM takes for an update.
    type: 'Record<string, any>',
    column: ["type: 'simple-json'"],
    migration: ["type: 'text'"],
    rules: ['IsObject()'],
    factory: '({ sequence }) => ({ sequence })',
  },
  email: {
    type: 'string',
    column: ["type: 'varchar'", 'length: 254'],
    rules: ['IsEmail()'],
    factory: '({ sequence }) => `{file}${sequence}@example.org`',
    isSortable: true,
  },
  url: {
    type: 'string',
    column: ["type: 'varchar'", 'length: 500'],
    rules: ["IsUrl({ protocols: ['http', 'https'], require_protocol: true })", 'MaxLength(500)'],
    factory: '({ sequence }) => `https://example.org/{file}/${sequence}`',
    isSortable: true,
  },
}

/** @param owner - The entity: `Order`. @param target - Of `belongsTo`. */
export function columnOf(field: Field, owner: string, target: Target | undefined): Column {
  const { name, isOptional, byDefault } = field
  const parts = partsOf(field, owner, target)
  const column = field.type === 'belongsTo' ? `${name}Id` : name
  const given = byDefault === undefined ? [] : [`default: ${literal(byDefault)}`]
  const inSql = byDefault === undefined ? [] : [`default: ${sqlOf(byDefault)}`]
  const words = namesOf(name)
  return {
    field,
    name: column,
    type: parts.type,
    options: [...parts.column, ...(isOptional ? ['nullable: true'] : []), ...given],
    migration: [
      `name: '${column}'`,
      ...(parts.migration ?? parts.column).map((each) => each.replace(/^length: (\d+)$/, "length: '$1'")),
      ...(isOptional ? ['isNullable: true'] : []),
      ...inSql,
    ],
    rules: [...optionality(field), ...parts.rules],
    viewRules: viewRules(field, parts.type, owner),
    constant: field.type === 'enum' ? enumConstant(field, owner) : undefined,
    factory: parts.factory
      .replaceAll('{label}', words.text[0]!.toUpperCase() + words.text.slice(1))
      .replaceAll('{file}', words.file),
    isSortable: parts.isSortable ?? false,
    isFilter: (parts.isFilter ?? false) && !ASKED.has(column),
    target,
  }
}

function partsOf(field: Field, owner: string, target: Target | undefined): TypeParts {
  if (field.type === 'enum') {
    const { type, constant } = enumNames(field, owner)
    return {
      type,
      column: ["type: 'varchar'", 'length: 32'],
      rules: [`IsIn(${constant})`],
      factory: `({ random }) => random.pick(${constant})`,
      isSortable: true,
      isFilter: true,
    }
  }
  if (field.type === 'belongsTo' && target) {
    const key = PARTS[KEY[target.key]]
    return {
      ...key,
      rules: target.key === 'number' ? ['IsInt()', 'Min(1)', 'Max(2_147_483_647)'] : key.rules,
      isFilter: true,
    }
  }
  return PARTS[field.type as keyof typeof PARTS]
}

/** `OrderState` and `ORDER_STATES`. */
export function enumNames({ name }: Field, owner: string): { readonly type: string; readonly constant: string } {
  const own = namesOf(`${owner}-${name}`)
  return { type: own.type, constant: own.table.toUpperCase() }
}

function enumConstant(field: Field, owner: string): string {
  const { type, constant } = enumNames(field, owner)
  const values = field.values.map((value) => `'${value}'`).join(', ')
  return `export const ${constant} = [${values}] as const\nexport type ${type} = (typeof ${constant})[number]`
}

/** What may be left out; only what may be empty may be `null`. */
function optionality({ isOptional, byDefault }: Field): readonly string[] {
  if (isOptional) return ['IsOptional()']
  return byDefault === undefined ? [] : ['ValidateIf((_request, value) => value !== undefined)']
}

const VIEW_RULES: Readonly<Record<string, string>> = {
  string: 'IsString()',
  number: 'IsNumber()',
  boolean: 'IsBoolean()',
  Date: 'Type(() => Date)',
}

/** Of what may be `null`, and of objects, the compiler says `Object`; of texts with a list of values, that they are texts. */
function viewRules(field: Field, type: string, owner: string): readonly string[] {
  if (field.type === 'enum') return [`IsIn(${enumNames(field, owner).constant})`]
  if (field.type === 'json') return ['IsObject()']
  return field.isOptional ? [VIEW_RULES[type]!] : []
}

function literal(value: string | number | boolean): string {
  if (typeof value === 'string') return `'${value}'`
  // As SQL: TypeORM would round fractions, or quote them, before it compares them with what the database tells.
  return typeof value === 'number' && value > 0 && !Number.isInteger(value) ? `() => '${value}'` : String(value)
}

/** An expression in the migration, where `isPostgres`, `yes` and `no` are known: databases differ in what they call them. */
function sqlOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return `"'${value}'"`
  // PostgreSQL tells negative fractions with quotes.
  return value < 0 && !Number.isInteger(value) ? `isPostgres ? "'${value}'" : ${value}` : String(value)
}
