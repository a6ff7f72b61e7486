/** Classic changes of a schema: the entities before and after, and the rows that must survive them. */
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, RenamedFrom, Unique } from 'tenon/data'
import type { ColumnOptions, RelationOptions } from 'typeorm'

export type Row = Record<string, unknown>
export type EntityClass = new () => Row

interface Shape {
  /** Default: the table of the change. */
  readonly table?: string
  readonly renamedFrom?: string
  /** Besides `id`. */
  readonly columns: Readonly<Record<string, ColumnOptions & { readonly was?: string }>>
  readonly uniques?: readonly (readonly string[])[]
  readonly indices?: readonly (readonly string[])[]
  readonly check?: string
  /** A relation to the owner's table, by the property `owner`. */
  readonly owner?: RelationOptions & { readonly was?: string }
}

export interface Change {
  readonly name: string
  /** Without it, the table is new. */
  readonly before?: Shape
  readonly after: Shape
  readonly rows?: readonly Row[]
  /** The rows as they are afterwards. Default: as before. */
  readonly afterRows?: readonly Row[]
  /** The rows once the change is taken back. Default: as before. */
  readonly backRows?: readonly Row[]
  readonly destructive?: boolean
}

const text = (options: ColumnOptions & { readonly was?: string } = {}) => ({ type: String, length: 20, ...options })
const number = (options: ColumnOptions & { readonly was?: string } = {}) => ({ type: Number, ...options })
const state = (...values: string[]) => ({ type: 'simple-enum' as const, enum: values })
const title = { title: text() }
const rows: readonly Row[] = [
  { id: 1, title: 'first' },
  { id: 2, title: "o'second" },
]
const counted: readonly Row[] = [
  { id: 1, n: 5 },
  { id: 2, n: -70000 },
]
const withEach = (each: Row) => rows.map((row) => ({ ...row, ...each }))

export const CHANGES: readonly Change[] = [
  { name: 'create a table', after: { columns: title } },
  {
    name: 'add a nullable column',
    before: { columns: title },
    after: { columns: { ...title, note: text({ nullable: true }) } },
    rows,
    afterRows: withEach({ note: null }),
  },
  {
    name: 'add a required column with a default',
    before: { columns: title },
    after: { columns: { ...title, state: text({ default: 'open' }) } },
    rows,
    afterRows: withEach({ state: 'open' }),
  },
  {
    name: 'add a boolean with a default',
    before: { columns: title },
    after: { columns: { ...title, done: { type: Boolean, default: false } } },
    rows,
    afterRows: withEach({ done: false }),
  },
  {
    name: 'add a number with a default',
    before: { columns: title },
    after: { columns: { ...title, n: number({ default: 7 }) } },
    rows,
    afterRows: withEach({ n: 7 }),
  },
  {
    name: 'add a unique nullable column',
    before: { columns: title },
    after: { columns: { ...title, code: text({ nullable: true, unique: true }) } },
    rows,
    afterRows: withEach({ code: null }),
  },
  {
    name: 'drop a nullable column',
    before: { columns: { ...title, note: text({ nullable: true }) } },
    after: { columns: title },
    rows: withEach({ note: 'x' }),
    afterRows: rows,
    backRows: withEach({ note: null }),
    destructive: true,
  },
  {
    name: 'drop a column with a default',
    before: { columns: { ...title, n: number({ default: 7 }) } },
    after: { columns: title },
    rows: withEach({ n: 8 }),
    afterRows: rows,
    backRows: withEach({ n: 7 }),
    destructive: true,
  },
  {
    name: 'rename a column',
    before: { columns: title },
    after: { columns: { heading: text({ was: 'title' }) } },
    rows,
    afterRows: [
      { id: 1, heading: 'first' },
      { id: 2, heading: "o'second" },
    ],
  },
  {
    name: 'rename a unique column',
    before: { columns: { title: text({ unique: true }) } },
    after: { columns: { heading: text({ unique: true, was: 'title' }) } },
    rows,
    afterRows: [
      { id: 1, heading: 'first' },
      { id: 2, heading: "o'second" },
    ],
  },
  {
    name: 'rename an indexed column',
    before: { columns: title, indices: [['title']] },
    after: { columns: { heading: text({ was: 'title' }) }, indices: [['heading']] },
    rows,
    afterRows: [
      { id: 1, heading: 'first' },
      { id: 2, heading: "o'second" },
    ],
  },
  {
    name: 'rename two columns',
    before: { columns: { a: text(), b: text() } },
    after: { columns: { x: text({ was: 'b' }), y: text({ was: 'a' }) } },
    rows: [{ id: 1, a: 'a', b: 'b' }],
    afterRows: [{ id: 1, y: 'a', x: 'b' }],
  },
  {
    name: 'rename a column and lengthen it',
    before: { columns: title },
    after: { columns: { heading: text({ was: 'title', length: 60 }) } },
    rows,
    afterRows: [
      { id: 1, heading: 'first' },
      { id: 2, heading: "o'second" },
    ],
  },
  {
    name: 'rename a table',
    before: { columns: title },
    after: { table: 'renamed', renamedFrom: 'self', columns: title },
    rows,
  },
  {
    name: 'rename a table and a column',
    before: { columns: title },
    after: { table: 'renamed_too', renamedFrom: 'self', columns: { heading: text({ was: 'title' }) } },
    rows,
    afterRows: [
      { id: 1, heading: 'first' },
      { id: 2, heading: "o'second" },
    ],
  },
  { name: 'lengthen a text', before: { columns: title }, after: { columns: { title: text({ length: 90 }) } }, rows },
  {
    name: 'shorten a text',
    before: { columns: title },
    after: { columns: { title: text({ length: 10 }) } },
    rows,
    destructive: true,
  },
  {
    name: 'lengthen a text with a default and an index',
    before: { columns: { title: text({ default: 'none' }) }, indices: [['title']] },
    after: { columns: { title: text({ default: 'none', length: 90 }) }, indices: [['title']] },
    rows,
  },
  {
    name: 'make a short text a long one',
    before: { columns: title },
    after: { columns: { title: { type: 'text' } } },
    rows,
  },
  {
    name: 'make a number a bigger one',
    before: { columns: { n: number() } },
    after: {
      columns: {
        n: { type: 'decimal', precision: 12, scale: 0, transformer: { to: (n: unknown) => n, from: Number } },
      },
    },
    rows: counted,
  },
  {
    name: 'make a number a text',
    before: { columns: { n: number() } },
    after: { columns: { n: text() } },
    rows: counted,
    afterRows: [
      { id: 1, n: '5' },
      { id: 2, n: '-70000' },
    ],
  },
  {
    name: 'make a text a number',
    before: { columns: { n: text() } },
    after: { columns: { n: number() } },
    rows: [{ id: 1, n: '5' }],
    afterRows: [{ id: 1, n: 5 }],
  },
  {
    name: 'make a number with a default a text with one',
    before: { columns: { n: number({ default: 3 }) } },
    after: { columns: { n: text({ default: 'three' }) } },
    rows: counted,
    afterRows: [
      { id: 1, n: '5' },
      { id: 2, n: '-70000' },
    ],
  },
  {
    name: 'widen a decimal',
    before: {
      columns: { n: { type: 'decimal', precision: 6, scale: 2, transformer: { to: (n: unknown) => n, from: Number } } },
    },
    after: {
      columns: {
        n: { type: 'decimal', precision: 12, scale: 4, transformer: { to: (n: unknown) => n, from: Number } },
      },
    },
    rows: [{ id: 1, n: 12.25 }],
  },
  {
    name: 'give a default',
    before: { columns: title },
    after: { columns: { title: text({ default: 'none' }) } },
    rows,
  },
  {
    name: 'change a default',
    before: { columns: { title: text({ default: 'none' }) } },
    after: { columns: { title: text({ default: 'some other' }) } },
    rows,
  },
  {
    name: 'take a default away',
    before: { columns: { title: text({ default: 'none' }) } },
    after: { columns: title },
    rows,
  },
  {
    name: 'make a column nullable',
    before: { columns: title },
    after: { columns: { title: text({ nullable: true }) } },
    rows,
  },
  {
    name: 'require a column, filling it with its default',
    before: { columns: { title: text({ nullable: true }) } },
    after: { columns: { title: text({ default: 'none' }) } },
    rows: [
      { id: 1, title: 'a' },
      { id: 2, title: null },
    ],
    afterRows: [
      { id: 1, title: 'a' },
      { id: 2, title: 'none' },
    ],
    backRows: [
      { id: 1, title: 'a' },
      { id: 2, title: 'none' },
    ],
  },
  {
    name: 'make a column unique',
    before: { columns: title },
    after: { columns: { title: text({ unique: true }) } },
    rows,
  },
  {
    name: 'no longer make a column unique',
    before: { columns: { title: text({ unique: true }) } },
    after: { columns: title },
    rows,
  },
  {
    name: 'make two columns unique together',
    before: { columns: { a: text(), b: text() } },
    after: { columns: { a: text(), b: text() }, uniques: [['a', 'b']] },
    rows: [{ id: 1, a: 'a', b: 'b' }],
  },
  { name: 'add an index', before: { columns: title }, after: { columns: title, indices: [['title']] }, rows },
  { name: 'drop an index', before: { columns: title, indices: [['title']] }, after: { columns: title }, rows },
  {
    name: 'replace an index by one of two columns',
    before: { columns: { a: text(), b: text() }, indices: [['a']] },
    after: { columns: { a: text(), b: text() }, indices: [['a', 'b']] },
    rows: [{ id: 1, a: 'a', b: 'b' }],
  },
  {
    name: 'allow one value more',
    before: { columns: { s: state('on', 'off') } },
    after: { columns: { s: state('on', 'off', 'idle') } },
    rows: [{ id: 1, s: 'on' }],
  },
  {
    name: 'allow one value less',
    before: { columns: { s: state('on', 'off', 'idle') } },
    after: { columns: { s: state('on', 'off') } },
    rows: [{ id: 1, s: 'on' }],
    destructive: true,
  },
  {
    name: 'make a text a choice of values',
    before: { columns: { s: text() } },
    after: { columns: { s: state('on', 'off') } },
    rows: [{ id: 1, s: 'on' }],
  },
  {
    name: 'make a choice of values a text',
    before: { columns: { s: state('on', 'off') } },
    after: { columns: { s: text() } },
    rows: [{ id: 1, s: 'on' }],
  },
  {
    name: 'add a check',
    before: { columns: { n: number() } },
    after: { columns: { n: number() }, check: 'n < 100' },
    rows: counted,
  },
  { name: 'add a relation', before: { columns: title }, after: { columns: title, owner: { nullable: true } }, rows },
  {
    name: 'drop a relation',
    before: { columns: title, owner: { nullable: true } },
    after: { columns: title },
    rows,
    destructive: true,
  },
  {
    name: 'change what deleting the owner does',
    before: { columns: title, owner: { nullable: true } },
    after: { columns: title, owner: { nullable: true, onDelete: 'CASCADE' } },
    rows,
  },
  {
    name: 'do several things at once',
    before: { columns: { title: text({ nullable: true }), n: number() }, indices: [['n']] },
    after: {
      columns: {
        heading: text({ was: 'title', nullable: true, length: 70 }),
        n: text({ default: 'x' }),
        done: { type: Boolean, default: true },
      },
      uniques: [['n']],
    },
    rows: [{ id: 1, title: null, n: 1 }],
    afterRows: [{ id: 1, heading: null, n: '1', done: true }],
  },
]

/** The classes of a shape, with the owner's class where there is a relation. */
export function entitiesOf(shape: Shape | undefined, self: string, kind: string): EntityClass[] {
  class Owner {}
  PrimaryColumn({ type: Number })(Owner.prototype, 'id')
  Entity(`${self}_owner`)(Owner)
  if (!shape) return [Owner as EntityClass]

  class Changed {}
  PrimaryColumn({ type: Number })(Changed.prototype, 'id')
  for (const [name, { was, ...options }] of Object.entries(shape.columns)) {
    if (was !== undefined) RenamedFrom(was)(Changed.prototype, name)
    Column(options)(Changed.prototype, name)
  }
  if (shape.owner) {
    ManyToOne(() => Owner, shape.owner)(Changed.prototype, 'owner')
    JoinColumn({ name: 'owner_id' })(Changed.prototype, 'owner')
  }
  for (const columns of shape.uniques ?? []) Unique([...columns])(Changed)
  for (const columns of shape.indices ?? []) Index([...columns])(Changed)
  if (shape.check !== undefined && kind !== 'mariadb') Check(shape.check)(Changed)
  if (shape.renamedFrom !== undefined) RenamedFrom(shape.renamedFrom === 'self' ? self : shape.renamedFrom)(Changed)
  Entity(shape.table ? `${self}_${shape.table}` : self)(Changed)
  return [Changed as EntityClass, Owner as EntityClass]
}
