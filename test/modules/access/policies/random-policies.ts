/** Random policies, callers and rows, out of values that databases like to treat in ways of their own. */
import fc from 'fast-check'
import type { Principal } from 'tenon'
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'tenon/data'
import { UNKNOWN_SITE, type Comparison, type ConditionNode, type Operand, type Scalar } from 'tenon/decorators'

import { ResourcePolicy, type PolicyRule } from '../../../../modules/access/policy/resource-policy.ts'

@Entity('access_owner')
export class Owner {
  @PrimaryColumn() readonly id!: number
  @Column({ type: 'varchar', length: 40, nullable: true }) readonly text!: string | null
  @Column({ type: Number, nullable: true }) readonly count!: number | null
  @Column({ type: Date, precision: 6, nullable: true }) readonly at!: Date | null
}

@Entity('access_item')
export class Item {
  @PrimaryColumn() readonly id!: number
  @Column({ type: 'varchar', length: 40, nullable: true }) readonly text!: string | null
  @Column({ type: 'text', nullable: true }) readonly memo!: string | null
  @Column({ type: Number, nullable: true }) readonly count!: number | null
  @Column({ type: 'double precision', nullable: true }) readonly ratio!: number | null
  @Column({ type: Boolean, nullable: true }) readonly flag!: boolean | null
  @Column({ type: Date, precision: 6, nullable: true }) readonly at!: Date | null
  @Column({ type: Number, default: 0 }) readonly touched!: number
  @Column({ type: Number, nullable: true }) readonly ownerId!: number | null
  @ManyToOne(() => Owner, { nullable: true })
  @JoinColumn({ name: 'ownerId' })
  readonly owner?: Relation<Owner> | null
}

const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  ' a',
  'b',
  'ä',
  'a\u0308',
  'ß',
  'ss',
  'Z',
  'z',
  '9',
  '10',
  "o'k",
  '%',
  '_',
  '\\',
  '\u{1F600}',
  '\uFF5E',
  'true',
  'null',
]
const COUNTS = [-2_147_483_648, -1, 0, 1, 2, 9, 10, 2_147_483_647]
const RATIOS = [-1.5, 0, 0.1, 0.2, 0.30000000000000004, 1e-7, 1, 3, 1e21]
const TIMES = [
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '2026-03-01T10:00:00.000Z',
  '2026-03-01T10:00:00.001Z',
  '2026-03-01T10:00:00.999Z',
  '2026-03-01T10:00:01.000Z',
].map((text) => new Date(text))

const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const orNull = <T>(values: readonly T[]): fc.Arbitrary<T | null> => fc.option(oneOf(values), { freq: 4 })

export const OWNER_IDS = [1, 2, 3, 4, 5, 6]

export const owners: fc.Arbitrary<readonly Owner[]> = fc
  .tuple(
    ...OWNER_IDS.map((id) =>
      fc.record({ id: fc.constant(id), text: orNull(TEXTS), count: orNull(COUNTS), at: orNull(TIMES) }),
    ),
  )
  .map((each) => each as Owner[])

export function items(size: number): fc.Arbitrary<readonly Item[]> {
  const item = fc.record({
    text: orNull(TEXTS),
    memo: orNull(TEXTS),
    count: orNull(COUNTS),
    ratio: orNull(RATIOS),
    flag: orNull([true, false]),
    at: orNull(TIMES),
    touched: fc.constant(0),
    ownerId: orNull(OWNER_IDS),
  })
  return fc
    .array(item, { minLength: size, maxLength: size })
    .map((rows) => rows.map((row, index) => ({ id: index + 1, ...row })))
}

const ROW_PATHS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  text: [['text'], ['memo'], ['owner', 'text']],
  number: [['count'], ['ratio'], ['owner', 'count'], ['owner', 'id'], ['ownerId']],
  boolean: [['flag']],
  time: [['at'], ['owner', 'at']],
}
export const VALUES: Readonly<Record<string, readonly Scalar[]>> = {
  text: TEXTS,
  number: [...COUNTS, ...RATIOS, ...OWNER_IDS],
  boolean: [true, false],
  time: TIMES,
}
const KINDS = Object.keys(VALUES)
const ROLES = ['admin', 'agent', 'customer', 'constructor', '__proto__', 'Agent']
const PERMISSIONS = ['items:read', 'items:write', 'toString']

const kinds = oneOf(KINDS)
const operators = oneOf<Comparison>(['equal', 'equal', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'])
const inRow = (kind: string): fc.Arbitrary<Operand> => oneOf(ROW_PATHS[kind]!).map((path) => ({ from: 'row', path }))
const given = (kind: string): fc.Arbitrary<Operand> => oneOf(VALUES[kind]!).map((value) => ({ from: 'value', value }))
const ofCaller = (kind: string): fc.Arbitrary<Operand> => fc.constant({ from: 'caller', path: ['facts', kind] })
const other = (kind: string): fc.Arbitrary<Operand> => fc.oneof(given(kind), ofCaller(kind), inRow(kind))
/** Now and then of another kind, which equals nothing. */
const kindsOfTwo = fc.tuple(kinds, kinds, fc.nat(9)).map(([one, two, odd]) => [one, odd === 0 ? two : one] as const)

const atoms: fc.Arbitrary<ConditionNode> = fc.oneof(
  {
    weight: 8,
    arbitrary: kindsOfTwo.chain(([one, two]) =>
      fc.record({
        kind: fc.constant('compare' as const),
        operator: operators,
        left: fc.oneof(inRow(one), ofCaller(one)),
        right: other(two),
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: kinds.chain((kind) =>
      fc.record({
        kind: fc.constant('in' as const),
        left: inRow(kind),
        right: fc.oneof<fc.Arbitrary<Operand>[]>(
          fc.array(oneOf(VALUES[kind]!), { maxLength: 4 }).map((value) => ({ from: 'value', value })),
          fc.constant({ from: 'caller', path: ['lists', kind] }),
        ),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: kinds.chain((kind) =>
      fc.record({ kind: fc.constant('empty' as const), operand: fc.oneof(inRow(kind), ofCaller(kind)) }),
    ),
  },
  { weight: 2, arbitrary: oneOf(ROLES).map((name) => ({ kind: 'role' as const, name })) },
  { weight: 1, arbitrary: oneOf(PERMISSIONS).map((name) => ({ kind: 'permission' as const, name })) },
  { weight: 1, arbitrary: oneOf(PERMISSIONS).map((name) => ({ kind: 'scope' as const, name })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'known' as const, schemes: [] }) },
)

const { node } = fc.letrec<{ node: ConditionNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: atoms },
    { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((of) => ({ kind: 'all' as const, of })) },
    { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((of) => ({ kind: 'any' as const, of })) },
    { weight: 2, arbitrary: tie('node').map((of) => ({ kind: 'not' as const, of })) },
  ),
}))

export const ACTIONS = ['read', 'update'] as const
export const FIELDS = ['text', 'count', 'touched'] as const

const rules: fc.Arbitrary<PolicyRule> = fc.record(
  {
    effect: oneOf(['allow', 'allow', 'deny'] as const),
    actions: fc.subarray([...ACTIONS], { minLength: 1 }),
    conditions: fc.array(node, { maxLength: 2 }),
    fields: fc.subarray([...FIELDS], { minLength: 1 }),
    at: fc.constant(UNKNOWN_SITE),
  },
  { requiredKeys: ['effect', 'actions', 'conditions', 'at'] },
)

export const policies: fc.Arbitrary<ResourcePolicy<Item>> = fc
  .array(rules, { minLength: 1, maxLength: 4 })
  .map((each) => new ResourcePolicy({ entity: Item, name: 'ItemPolicy', rules: each, filter: false, at: UNKNOWN_SITE }))

/** Attributes that are missing, and that no database could be asked for, are among them. */
const facts = fc.record(
  {
    text: fc.oneof(oneOf<unknown>(TEXTS), oneOf<unknown>([null, 'a\0', '\uD800', 7])),
    number: fc.oneof(oneOf<unknown>(VALUES['number']!), oneOf<unknown>([null, Number.NaN, Infinity, '1'])),
    boolean: oneOf<unknown>([true, false, null, 'true']),
    time: fc.oneof(oneOf<unknown>(TIMES), oneOf<unknown>([null, new Date(Number.NaN), '2026-03-01'])),
  },
  { requiredKeys: [] },
)
const lists = fc.record(
  Object.fromEntries(
    KINDS.map((kind) => [kind, fc.oneof(fc.array(oneOf<unknown>(VALUES[kind]!), { maxLength: 3 }), fc.constant(null))]),
  ),
  { requiredKeys: [] },
)

export const callers: fc.Arbitrary<Principal | undefined> = fc.option(
  fc.record(
    {
      id: oneOf(['a', 'A', 'b']),
      roles: fc.subarray(ROLES),
      scopes: fc.subarray(PERMISSIONS),
      facts,
      lists,
    },
    { requiredKeys: ['id', 'facts', 'lists'] },
  ) satisfies fc.Arbitrary<Principal>,
  { nil: undefined, freq: 12 },
)
