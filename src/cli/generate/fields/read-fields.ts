/** Reads fields as they are typed: `name:string:unique`, `state:enum(open,closed)=open`, `customer:belongsTo?`. */
import { nearestName } from '../../../config/nearest-name.ts'
import { FieldUnreadable } from '../generate-errors.ts'
import { namesOf } from '../names.ts'
import { FIELD_TYPES, type Field, type FieldType } from './field.ts'

/** Name, type, arguments in any brackets, `?`, modifiers, default. */
const FIELD =
  /^(?<name>[A-Za-z]\w*):(?<type>[A-Za-z]+)(?:[([](?<args>[^)\]]*)[)\]])?(?<rest>[^=]*)(?:=(?<byDefault>.*))?$/s

/** Columns that every generated entity has. */
const TAKEN = new Set(['id', 'createdAt', 'updatedAt', 'tenantId', 'constructor'])
/** Words that cannot name a constructor parameter or a variable, as fields do in generated code. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
)
/** No index holds these on every database. */
const UNINDEXED: readonly FieldType[] = ['text', 'json']
const WITHOUT_DEFAULT: readonly FieldType[] = ['text', 'json', 'date', 'datetime', 'belongsTo', 'hasMany']
const LONGEST_NAME = 40
const LONGEST_VALUE = 32

/** @throws `GENERATE_FIELD_UNREADABLE` */
export function readFields(texts: readonly string[]): readonly Field[] {
  const fields = texts.map(readField)
  const columns = fields.map(({ name, type }) => (type === 'belongsTo' ? `${name}Id` : name).toLowerCase())
  const twice = columns.findIndex((column, index) => columns.indexOf(column) !== index)
  if (twice >= 0) throw new FieldUnreadable(texts[twice]!, 'a field before it has the same column')
  return fields
}

function readField(text: string): Field {
  const groups = FIELD.exec(text)?.groups
  if (!groups) throw new FieldUnreadable(text, 'it is no name:type')
  const { name = '', args, rest = '' } = groups
  const type = typeOf(text, groups['type']!)
  const { isOptional, modifiers } = readModifiers(text, rest)
  if (TAKEN.has(name)) throw new FieldUnreadable(text, `every generated entity has ${name} already`)
  if (RESERVED.has(name)) throw new FieldUnreadable(text, `${name} is a word of its own`)
  if (!/^[a-z]/.test(name)) throw new FieldUnreadable(text, 'a name begins with a small letter')
  if (name.length > LONGEST_NAME) throw new FieldUnreadable(text, `a name has at most ${LONGEST_NAME} characters`)
  const values = type === 'enum' ? valuesOf(text, args) : []
  const field = {
    name,
    type,
    values,
    isOptional,
    isUnique: modifiers.has('unique'),
    isIndexed: modifiers.has('index'),
    target: type === 'belongsTo' || type === 'hasMany' ? namesOf(args || name).type : '',
  }
  if ((field.isUnique || field.isIndexed) && UNINDEXED.includes(type)) {
    throw new FieldUnreadable(text, `not every database has an index on ${type}`)
  }
  if (field.isUnique && (type === 'boolean' || type === 'enum')) {
    throw new FieldUnreadable(text, 'there would be a row for each value, and no more')
  }
  if (type === 'hasMany' && rest !== '') throw new FieldUnreadable(text, 'hasMany is no column: it has no modifiers')
  return { ...field, byDefault: defaultOf(text, field, groups['byDefault']) }
}

function typeOf(text: string, given: string): FieldType {
  const known = FIELD_TYPES.find((type) => type.toLowerCase() === given.toLowerCase())
  if (known) return known
  const near = nearestName(given, FIELD_TYPES)
  throw new FieldUnreadable(text, `there is no type ${given}${near === undefined ? '' : `; did you mean ${near}?`}`)
}

function readModifiers(
  text: string,
  rest: string,
): { readonly isOptional: boolean; readonly modifiers: ReadonlySet<string> } {
  const [mark, ...modifiers] = rest.split(':')
  if (mark !== '' && mark !== '?') throw new FieldUnreadable(text, `${mark} stands behind the type`)
  const unknown = modifiers.find((each) => each !== 'unique' && each !== 'index')
  if (unknown !== undefined) throw new FieldUnreadable(text, `there is no modifier ${unknown}`)
  return { isOptional: mark === '?', modifiers: new Set(modifiers) }
}

function valuesOf(text: string, args: string | undefined): readonly string[] {
  const values = (args ?? '').split(',').map((each) => each.trim())
  const wrong = values.find((value) => !/^\w[\w-]*$/.test(value) || value.length > LONGEST_VALUE)
  if (wrong !== undefined) {
    throw new FieldUnreadable(
      text,
      `an enum names its values, each a word of at most ${LONGEST_VALUE} characters: enum(a,b)`,
    )
  }
  if (new Set(values).size !== values.length) throw new FieldUnreadable(text, 'a value stands there twice')
  return values
}

function defaultOf(
  text: string,
  { type, values, isUnique }: Pick<Field, 'type' | 'values' | 'isUnique'>,
  given: string | undefined,
): Field['byDefault'] {
  if (given === undefined) return undefined
  if (WITHOUT_DEFAULT.includes(type))
    throw new FieldUnreadable(text, `${type} has no default that every database knows`)
  if (isUnique) throw new FieldUnreadable(text, 'what is unique has no default')
  if (type === 'boolean') {
    if (given !== 'true' && given !== 'false') throw new FieldUnreadable(text, 'the default is true or false')
    return given === 'true'
  }
  if (type === 'integer' || type === 'number' || type === 'decimal') return numberOf(text, type, given)
  if (type === 'enum' && !values.includes(given))
    throw new FieldUnreadable(text, `the default is one of ${values.join(', ')}`)
  if (!/^[^'"`\\\p{C}]*$/u.test(given) || given.length > 200) {
    throw new FieldUnreadable(text, 'a default is at most 200 characters, without quotes and backslashes')
  }
  return given
}

const NUMBERS: Readonly<Record<'integer' | 'number' | 'decimal', RegExp>> = {
  integer: /^-?\d{1,9}$/,
  number: /^-?\d{1,15}(?:\.\d{1,6})?$/,
  decimal: /^-?\d{1,10}(?:\.\d{1,2})?$/,
}

function numberOf(text: string, type: keyof typeof NUMBERS, given: string): number {
  if (!NUMBERS[type].test(given)) throw new FieldUnreadable(text, `the default is no ${type}`)
  return Number(given)
}
