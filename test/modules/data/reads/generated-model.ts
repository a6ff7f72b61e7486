/** Entities, rows and queries made up from a seed: what the planned reads are compared with TypeORM on. */
import {
  Between,
  Column,
  DeleteDateColumn,
  Entity,
  Equal,
  ILike,
  In,
  IsNull,
  JoinTable,
  LessThanOrEqual,
  Like,
  ManyToMany,
  ManyToOne,
  MoreThan,
  Not,
  OneToMany,
  OneToOne,
  JoinColumn,
  Or,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type FindManyOptions,
  type Random,
} from 'tenon/data'
import type { ColumnOptions, DataSource } from 'typeorm'

export type Row = Record<string, unknown>
export type Kind = 'sqlite' | 'postgres' | 'mariadb'
type AnyClass = new () => Row

interface Property {
  readonly name: string
  readonly options: ColumnOptions
  readonly value: (random: Random) => unknown
  /** Whether TypeORM itself can compare it in a `where`. */
  readonly isComparable: boolean
}

export interface GeneratedModel {
  readonly root: AnyClass
  readonly entities: readonly AnyClass[]
  readonly fill: (source: DataSource, random: Random) => Promise<void>
  readonly query: (random: Random) => FindManyOptions<Row>
}

const WORDS = ['', 'a', 'B', 'a_b', '1', '0x', "o'clock", 'naïve', 'ticket', '%', '"', 'a","b', '\\n', 'two\nlines']
const word = (random: Random) => random.pick(WORDS)
const day = (random: Random) => new Date(Date.UTC(2026, random.int(0, 11), random.int(1, 31), random.int(0, 23), 5, 6))
const upperCase = {
  to: (value: unknown) => (typeof value === 'string' ? value.toUpperCase() : value),
  from: (value: unknown) => (value === null ? 'none' : `<${value as string}>`),
}
const counted = { to: (value: unknown) => value, from: (value: unknown) => (value === null ? null : Number(value) + 1) }

type PropertyType = Omit<Property, 'name'> & { readonly kinds?: readonly Kind[] }

const TYPES: readonly PropertyType[] = [
  { options: { type: Number }, value: (random) => random.int(-3, 3), isComparable: true },
  { options: { type: String }, value: word, isComparable: true },
  { options: { type: Boolean }, value: (random) => random.chance(0.5), isComparable: true },
  { options: { type: Date }, value: day, isComparable: true },
  { options: { type: 'text' }, value: word, isComparable: true },
  { options: { type: 'bigint' }, value: (random) => random.pick(['9007199254740993', '5', '-7']), isComparable: true },
  {
    options: { type: 'decimal', precision: 8, scale: 2 },
    value: (random) => random.int(0, 999) / 4,
    isComparable: true,
  },
  { options: { type: 'date' }, value: (random) => `2026-0${random.int(1, 9)}-11`, isComparable: true },
  { options: { type: 'time' }, value: (random) => `0${random.int(0, 9)}:11:12`, isComparable: false },
  { options: { type: 'simple-json' }, value: (random) => ({ a: [word(random), null], b: 1 }), isComparable: false },
  { options: { type: 'simple-array' }, value: (random) => ['x', random.pick(['y', 'z'])], isComparable: false },
  {
    options: { type: 'simple-enum', enum: ['on', 'off'] },
    value: (random) => random.pick(['on', 'off']),
    isComparable: true,
  },
  { options: { type: String, transformer: upperCase }, value: word, isComparable: true },
  {
    options: { type: Number, transformer: [counted, counted] },
    value: (random) => random.int(0, 9),
    isComparable: true,
  },
  {
    options: { type: 'json' },
    value: (random) => ({ n: random.int(0, 9), t: word(random) }),
    isComparable: false,
    kinds: ['postgres', 'mariadb'],
  },
  { options: { type: 'jsonb' }, value: (random) => [random.int(0, 9), null], isComparable: false, kinds: ['postgres'] },
  {
    options: { type: 'enum', enum: ['red', 'blue'] },
    value: (random) => random.pick(['red', 'blue']),
    isComparable: true,
    kinds: ['postgres', 'mariadb'],
  },
  {
    options: { type: 'enum', enum: ['red', 'blue'], array: true },
    value: (random) => random.some(['red', 'blue']),
    isComparable: false,
    kinds: ['postgres'],
  },
  {
    options: { type: 'int', array: true },
    value: (random) => [random.int(0, 9), 2],
    isComparable: false,
    kinds: ['postgres'],
  },
  { options: { type: 'timestamptz' }, value: day, isComparable: true, kinds: ['postgres'] },
  {
    options: { type: 'uuid' },
    value: (random) => `00000000-0000-4000-8000-${random.hex(12)}`,
    isComparable: true,
    kinds: ['postgres'],
  },
  {
    options: { type: 'inet' },
    value: (random) => random.pick(['10.0.0.7', '10.0.0.0/8', '::1']),
    isComparable: false,
    kinds: ['postgres'],
  },
  { options: { type: 'char', length: 9 }, value: word, isComparable: false, kinds: ['postgres'] },
  {
    options: { type: 'bytea' },
    value: (random) => Buffer.from(random.hex(8)),
    isComparable: false,
    kinds: ['postgres'],
  },
  {
    options: { type: 'blob' },
    value: (random) => Buffer.from(random.hex(8)),
    isComparable: false,
    kinds: ['sqlite', 'mariadb'],
  },
  { options: { type: 'datetime' }, value: day, isComparable: true, kinds: ['sqlite', 'mariadb'] },
  { options: { type: 'datetime', precision: 3 }, value: day, isComparable: false, kinds: ['mariadb'] },
  { options: { type: 'tinyint' }, value: (random) => random.int(0, 9), isComparable: true, kinds: ['mariadb'] },
  {
    options: { type: 'double' },
    value: (random) => random.int(0, 99) / 8,
    isComparable: true,
    kinds: ['sqlite', 'mariadb'],
  },
  {
    options: { type: 'double precision' },
    value: (random) => random.int(0, 99) / 8,
    isComparable: true,
    kinds: ['sqlite', 'postgres'],
  },
]

/** A root with a parent, children, tags, a twin and embedded objects, all of made-up columns. */
export function generateModel(random: Random, kind: Kind, number: number): GeneratedModel {
  const types = TYPES.filter((type) => !type.kinds || type.kinds.includes(kind))
  const properties = (prefix: string, count: number): Property[] =>
    Array.from({ length: count }, (_, at) => {
      const type = random.pick(types)
      const isHidden = random.chance(0.1)
      return {
        ...type,
        name: `${prefix}${at}`,
        options: { ...type.options, nullable: random.chance(0.6), ...(isHidden ? { select: false } : {}) },
      }
    })
  const name = (suffix: string) => `m${number}_${kind}_${suffix}`
  const usesConstructor = random.chance(0.5)

  const embedded = properties('e', 2)
  const inner = properties('i', 1)
  class Inner {}
  class Embedded {}
  decorate(Inner, inner)
  decorate(Embedded, embedded)
  const hasInner = random.chance(0.5)
  if (hasInner) Column(() => Inner)(Embedded.prototype, 'inner')

  const rootProperties = properties('p', 5)
  class Root {
    constructor() {
      if (usesConstructor) Object.assign(this, { p3: 'from the constructor', extra: 1, p1: undefined })
    }
  }
  const parentProperties = properties('q', 2)
  class Parent {}
  const childProperties = properties('c', 2)
  class Child {}
  class Tag {}
  class Twin {}

  const hasPlainKey = random.chance(0.6)
  if (hasPlainKey) PrimaryGeneratedColumn()(Root.prototype, 'id')
  else {
    PrimaryColumn({ type: Number })(Root.prototype, 'id')
    PrimaryColumn({ type: String, length: 20 })(Root.prototype, 'region')
  }
  decorate(Root, rootProperties)
  const hasEmbedded = random.chance(0.7)
  if (hasEmbedded) Column(() => Embedded)(Root.prototype, 'embedded')
  if (random.chance(0.4)) DeleteDateColumn()(Root.prototype, 'deletedAt')
  PrimaryGeneratedColumn()(Parent.prototype, 'id')
  decorate(Parent, parentProperties)
  PrimaryGeneratedColumn('uuid')(Child.prototype, 'id')
  decorate(Child, childProperties)
  PrimaryColumn({ type: String, length: 20 })(Tag.prototype, 'name')
  const tagProperties = properties('t', 1)
  decorate(Tag, tagProperties)
  PrimaryGeneratedColumn()(Twin.prototype, 'id')
  Column({ type: String })(Twin.prototype, 'label')
  const needsParent = random.chance(0.3)
  ManyToOne(() => Parent, 'roots', { nullable: !needsParent, eager: random.chance(0.2) })(Root.prototype, 'parent')
  if (random.chance(0.3)) DeleteDateColumn()(Parent.prototype, 'deletedAt')
  OneToMany(() => Root, 'parent')(Parent.prototype, 'roots')
  OneToMany(() => Child, 'root')(Root.prototype, 'children')
  ManyToOne(() => Root, 'children', { nullable: true })(Child.prototype, 'root')
  ManyToMany(() => Tag, 'roots')(Root.prototype, 'tags')
  JoinTable({ name: name('root_tags') })(Root.prototype, 'tags')
  ManyToMany(() => Root, 'tags')(Tag.prototype, 'roots')
  OneToOne(() => Twin, 'root')(Root.prototype, 'twin')
  OneToOne(() => Root, 'twin', { nullable: true })(Twin.prototype, 'root')
  JoinColumn()(Twin.prototype, 'root')
  for (const entity of [Root, Parent, Child, Tag, Twin]) Entity(name(entity.name.toLowerCase()))(entity)

  const values = (of: readonly Property[], random: Random): Row =>
    Object.fromEntries(
      of.map((each) => [each.name, each.options.nullable === true && random.chance(0.2) ? null : each.value(random)]),
    )

  const embeddedValues = (random: Random): Row => {
    const of = values(embedded, random)
    return hasInner ? { ...of, inner: values(inner, random) } : of
  }

  const fill = async (source: DataSource, random: Random): Promise<void> => {
    const parents = await source
      .getRepository<Row>(Parent)
      .save(Array.from({ length: 3 }, () => values(parentProperties, random)))
    const deletable = source.getMetadata(Parent).deleteDateColumn
    const tags = await source
      .getRepository<Row>(Tag)
      .save(['x', 'y', 'z'].map((name) => ({ name, ...values(tagProperties, random) })))
    for (let id = 1; id <= 12; id += 1) {
      const key = hasPlainKey ? {} : { id: 1 + (id % 4), region: `r_${id}` }
      const root = await source.getRepository<Row>(Root).save({
        ...key,
        ...values(rootProperties, random),
        ...(hasEmbedded ? { embedded: embeddedValues(random) } : {}),
        parent: !needsParent && random.chance(0.3) ? null : random.pick(parents),
        tags: random.some(tags),
      })
      for (let n = random.int(0, 3); n > 0; n -= 1) {
        await source.getRepository<Row>(Child).save({ ...values(childProperties, random), root })
      }
      if (random.chance(0.5)) await source.getRepository<Row>(Twin).save({ label: word(random), root })
    }
    if (deletable) await source.getRepository<Row>(Parent).softDelete({ id: random.int(1, 3) })
  }

  const comparable = [...rootProperties.filter((each) => each.isComparable), ID]
  const query = (random: Random): FindManyOptions<Row> => {
    const where = (): Row => {
      const criteria: Row = {}
      for (const property of random.some(comparable, 0.35)) criteria[property.name] = criterion(random, property)
      if (random.chance(0.15)) criteria['parent'] = { id: random.int(1, 3) }
      if (random.chance(0.1)) criteria['tags'] = { name: random.pick([In(['x', 'y']), 'z']) }
      if (hasEmbedded && embedded[0]?.isComparable && random.chance(0.1)) {
        criteria['embedded'] = { e0: criterion(random, embedded[0]) }
      }
      return criteria
    }
    const relations: Row = {}
    if (random.chance(0.4)) relations['parent'] = random.chance(0.3) ? { roots: true } : true
    if (random.chance(0.4)) relations['children'] = random.chance(0.3) ? { root: { parent: true } } : true
    if (random.chance(0.2)) relations['tags'] = true
    if (random.chance(0.3)) relations['twin'] = true
    const order: Row = {}
    for (const property of random.some(comparable, 0.2)) order[property.name] = random.pick(['ASC', 'DESC'])
    if (relations['parent'] && random.chance(0.3)) order['parent'] = { id: 'DESC' }
    const select: Row = { id: true }
    for (const property of random.some(rootProperties)) select[property.name] = true
    return {
      ...(random.chance(0.7) ? { where: random.chance(0.3) ? [where(), where()] : where() } : {}),
      ...(random.chance(0.7) ? { relations } : {}),
      order: {
        ...order,
        ...(order['id'] ? {} : { id: 'ASC' }),
        ...(hasPlainKey ? {} : { region: 'ASC' }),
        // What a database orders as it likes cannot be compared.
        ...(relations['children'] ? { children: { id: 'ASC' } } : {}),
        ...(relations['tags'] ? { tags: { name: 'ASC' } } : {}),
        ...(typeof relations['parent'] === 'object'
          ? { parent: { ...(order['parent'] as object), roots: { id: 'ASC' } } }
          : {}),
      },
      ...(random.chance(0.2) ? { select } : {}),
      ...(random.chance(0.4)
        ? { take: random.int(1, 6), ...(random.chance(0.5) ? { skip: random.int(0, 4) } : {}) }
        : {}),
      ...(random.chance(0.2) ? { withDeleted: true } : {}),
      ...(random.chance(0.1) ? { loadEagerRelations: false } : {}),
    } as FindManyOptions<Row>
  }
  return { root: Root as AnyClass, entities: [Root, Parent, Child, Tag, Twin] as AnyClass[], fill, query }
}

const ID: Property = { name: 'id', options: { type: Number }, value: (random) => random.int(1, 12), isComparable: true }

function decorate(target: Function, properties: readonly Property[]): void {
  for (const { name, options } of properties) Column(options)(target.prototype as object, name)
}

function criterion(random: Random, property: Property): unknown {
  const value = property.value(random)
  const isText = property.options.type === String || property.options.type === 'text'
  const operators = [
    () => value,
    () => value,
    () => Equal(value),
    () => Not(value),
    () => Not(Equal(value)),
    () => In([value, property.value(random)]),
    () => Not(In([value])),
    () => MoreThan(value),
    () => Not(LessThanOrEqual(value)),
    () => Between(value, property.value(random)),
    () => IsNull(),
    () => Not(IsNull()),
    () => In([]),
    ...(isText ? [() => Like(`%${String(value)}%`), () => ILike('A%')] : []),
    ...(property.options.transformer ? [] : [() => Or(Equal(value), IsNull())]),
  ]
  return random.pick(operators)()
}
