import { expectTypeOf } from 'expect-type'
import {
  avg,
  BaseRepository,
  Column,
  count,
  countDistinct,
  DeleteDateColumn,
  Entity,
  Equal,
  Filter,
  In,
  IsNull,
  JoinColumn,
  LessThan,
  Like,
  ManyToOne,
  max,
  min,
  MoreThan,
  OneToMany,
  PrimaryGeneratedColumn,
  Repository,
  sum,
  type Relation,
} from 'tenon/data'

import { onEveryDatabase } from '../on-every-database.ts'
import { makeData } from '../open-data.ts'

@Entity('region')
class Region {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  name!: string
}

@Filter('visible', () => ({ isHidden: false }))
@Entity('shop')
class Shop {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  name!: string

  @Column({ default: false })
  isHidden!: boolean

  @ManyToOne(() => Region, { nullable: true })
  @JoinColumn()
  region!: Relation<Region> | null

  @OneToMany(() => Receipt, (receipt) => receipt.shop)
  receipts!: Relation<Receipt[]>

  label(): string {
    return this.name
  }
}

@Entity('receipt')
class Receipt {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  payer!: string

  @Column()
  cents!: number

  @Column({
    type: 'varchar',
    nullable: true,
    transformer: { to: (text?: string) => text && `<${text}>`, from: (text?: string) => text && text.slice(1, -1) },
  })
  note!: string | null

  @Column({ type: Date })
  at!: Date

  @Column({ default: true })
  isPaid!: boolean

  @ManyToOne(() => Shop, (shop) => shop.receipts, { nullable: true })
  shop!: Relation<Shop> | null

  @DeleteDateColumn()
  deletedAt!: Date | null
}

@Repository(Region)
class Regions extends BaseRepository<Region> {}
@Repository(Shop)
class Shops extends BaseRepository<Shop> {}
@Repository(Receipt)
class Receipts extends BaseRepository<Receipt> {}

const DAY = 86_400_000
const FIRST = new Date('2026-03-01T12:00:00Z')

onEveryDatabase('Selections', ({ create }) => {
  /** Two regions, three shops (one hidden), five receipts and one that is deleted. */
  async function open() {
    const database = await create()
    const data = makeData({ url: database.url, synchronize: true, entities: [Region, Shop, Receipt] })
    await data.database.open()
    const [regions, shops, receipts] = [
      new Regions(data.unitOfWork),
      new Shops(data.unitOfWork),
      new Receipts(data.unitOfWork),
    ]
    const [north, south] = await regions.insertMany([{ name: 'north' }, { name: 'south' }])
    const [corner, market, hidden] = await shops.insertMany([
      { name: 'corner', region: north! },
      { name: 'market', region: south! },
      { name: 'hidden', isHidden: true },
    ])
    const of = (shop: Shop | undefined, payer: string, cents: number, day: number, more: Partial<Receipt> = {}) => ({
      shop: shop ?? null,
      payer,
      cents,
      at: new Date(FIRST.getTime() + day * DAY),
      ...more,
    })
    const written = await receipts.insertMany([
      of(corner, 'ann', 100, 0, { note: 'gift' }),
      of(corner, 'bob', 250, 1),
      of(market, 'ann', 400, 2, { isPaid: false }),
      of(hidden, 'bob', 800, 3),
      of(undefined, 'cid', 50, 4),
      of(market, 'ann', 9999, 5),
    ])
    await receipts.softDelete(written[5]!.id)
    return {
      ...data,
      regions,
      shops,
      receipts,
      async [Symbol.asyncDispose]() {
        await data.database.close()
        await database[Symbol.asyncDispose]()
      },
    }
  }

  it('read columns of one entity, with the values that entities have', async () => {
    await using data = await open()
    const rows = await data.receipts
      .select({ payer: 'payer', at: 'at', paid: 'isPaid', note: 'note' })
      .where({ cents: LessThan(300) })
      .orderBy({ at: 'ASC' })
      .limit(2)

    expectTypeOf(rows).toEqualTypeOf<{ payer: string; at: Date; paid: boolean; note: string | null }[]>()
    expect(rows).toEqual([
      { payer: 'ann', at: FIRST, paid: true, note: 'gift' },
      { payer: 'bob', at: new Date(FIRST.getTime() + DAY), paid: true, note: null },
    ])
  })

  it('count, add up and compare, in all and by group', async () => {
    await using data = await open()
    const all = await data.receipts
      .select({
        rows: count(),
        notes: count('note'),
        payers: countDistinct('payer'),
        total: sum('cents'),
        mean: avg('cents'),
        first: min('at'),
        last: max('payer'),
      })
      .first()
    const groups = await data.receipts
      .select({ payer: 'payer', rows: count(), most: max('cents') })
      .orderBy({ rows: 'DESC', payer: 'ASC' })
    const none = await data.receipts.select({ total: sum('cents'), rows: count() }).where({ payer: 'nobody' })

    expectTypeOf(all).toEqualTypeOf<{
      rows: number
      notes: number
      payers: number
      total: number | null
      mean: number | null
      first: Date | null
      last: string | null
    } | null>()
    expect(all).toEqual({ rows: 5, notes: 1, payers: 3, total: 1600, mean: 320, first: FIRST, last: 'cid' })
    expect(groups).toEqual([
      { payer: 'ann', rows: 2, most: 400 },
      { payer: 'bob', rows: 2, most: 800 },
      { payer: 'cid', rows: 1, most: 50 },
    ])
    expect(none).toEqual([{ total: null, rows: 0 }])
  })

  it('keep only groups that fit, and group by what is not selected', async () => {
    await using data = await open()

    expect(
      await data.receipts
        .select({ payer: 'payer', total: sum('cents') })
        .having({ total: MoreThan(200) })
        .having({ payer: Like('a%') }),
    ).toEqual([{ payer: 'ann', total: 500 }])
    expect(await data.receipts.select({ rows: count() }).groupBy('payer').having({ rows: 1 })).toEqual([{ rows: 1 }])
  })

  it('join relations, name their columns, and keep filters of both sides', async () => {
    await using data = await open()
    const joined = await data.receipts
      .join('shop')
      .leftJoin('shop.region')
      .select({ shop: 'shop.name', region: 'shop.region.name', cents: 'cents' })
      .where({ 'shop.name': In(['corner', 'hidden']) })
      .orderBy({ 'shop.region.name': 'ASC', cents: 'DESC' })
    const left = await data.receipts
      .leftJoin('shop')
      .select({ shop: 'shop.name', rows: count(), total: sum('cents') })
      .orderBy({ total: 'ASC' })
    const backwards = await data.shops
      .join('receipts')
      .select({ shop: 'name', rows: count('receipts.id'), most: max('receipts.cents') })
      .orderBy({ shop: 'ASC' })

    expectTypeOf(joined).toEqualTypeOf<{ shop: string; region: string | null; cents: number }[]>()
    expectTypeOf(left).toEqualTypeOf<{ shop: string | null; rows: number; total: number | null }[]>()
    expect(joined).toEqual([
      { shop: 'corner', region: 'north', cents: 250 },
      { shop: 'corner', region: 'north', cents: 100 },
    ])
    expect(left).toEqual([
      { shop: 'corner', rows: 2, total: 350 },
      { shop: 'market', rows: 1, total: 400 },
      { shop: null, rows: 2, total: 850 },
    ])
    expect(backwards).toEqual([
      { shop: 'corner', rows: 2, most: 250 },
      { shop: 'market', rows: 1, most: 400 },
    ])
  })

  it('take alternatives, operators and transformed values, always as parameters', async () => {
    await using data = await open()
    const attack = "x' OR 1=1 --"

    expect(
      await data.receipts
        .select({ cents: 'cents' })
        .where({ note: 'gift' }, { payer: 'bob', cents: MoreThan(300) }, { payer: attack })
        .orderBy({ cents: 'ASC' }),
    ).toEqual([{ cents: 100 }, { cents: 800 }])
    expect(
      await data.receipts
        .leftJoin('shop')
        .select({ payer: 'payer' })
        .where({ 'shop.id': IsNull(), payer: Equal('cid') }),
    ).toEqual([{ payer: 'cid' }])
    expect(await data.receipts.select({ rows: count() }).where({ payer: attack })).toEqual([{ rows: 0 }])
    expect(await data.receipts.select({ rows: count() }).where({})).toEqual([{ rows: 5 }])
  })

  it('take part in the transaction, page, and stay as they are when a word is added', async () => {
    await using data = await open()
    const payers = data.receipts
      .select({ payer: 'payer' })
      .where({ cents: MoreThan(60) })
      .orderBy({ cents: 'ASC' })

    await expect(
      data.unitOfWork.transaction(async () => {
        await data.receipts.insert({ payer: 'dan', cents: 70, at: FIRST })
        expect(await payers.first()).toEqual({ payer: 'dan' })
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')

    expect(await payers.offset(1).limit(2)).toEqual([{ payer: 'bob' }, { payer: 'ann' }])
    expect(await payers).toHaveLength(4)
  })

  it('refuse what is missing and what comes from callers and is no column', async () => {
    await using data = await open()
    const { receipts } = data
    const said = (word: unknown): never => word as never

    await expect(receipts.select({ a: 'cents' }).where({ payer: said(undefined) })).rejects.toMatchObject({
      code: 'DATA_CRITERIA_MISSING',
    })
    await expect(
      receipts.select({ a: 'cents' }).orderBy(said({ 'id; DROP TABLE receipt': 'ASC' })),
    ).rejects.toMatchObject({
      code: 'DATA_ORDER_INVALID',
    })
    await expect(receipts.select({ a: 'cents' }).orderBy(said({ cents: 'ASC; --' }))).rejects.toMatchObject({
      code: 'DATA_ORDER_INVALID',
    })
    for (const selection of [{ a: 'cents)' }, { 'a"': 'cents' }, { a: sum('no') }]) {
      await expect(receipts.select(said(selection))).rejects.toMatchObject({ code: 'DATA_SELECTION_INVALID' })
    }
    await expect(receipts.join(said('payer')).select({ a: 'cents' })).rejects.toMatchObject({
      code: 'DATA_SELECTION_INVALID',
    })
    await expect(receipts.select({ a: 'cents' }).having(said({ b: 1 }))).rejects.toMatchObject({
      code: 'DATA_SELECTION_INVALID',
    })
  })
})

describe('What the compiler refuses', () => {
  it('is every wrong word of a selection', () => {
    expectTypeOf(wrong).returns.toEqualTypeOf<unknown[]>()
  })
})

/** Never called: the compiler checks it. */
function wrong(receipts: Receipts): unknown[] {
  return [
    // @ts-expect-error -- misspelled column
    receipts.select({ payer: 'payr' }),
    // @ts-expect-error -- a relation is no column
    receipts.select({ shop: 'shop' }),
    // @ts-expect-error -- a column of what is not joined
    receipts.select({ shop: 'shop.name' }),
    // @ts-expect-error -- no such relation
    receipts.join('store'),
    // @ts-expect-error -- a column is no relation
    receipts.join('payer'),
    // @ts-expect-error -- the relation before it is not joined
    receipts.join('shop.region'),
    // @ts-expect-error -- texts cannot be added up
    receipts.select({ total: sum('payer') }),
    // @ts-expect-error -- misspelled column of a join
    receipts.join('shop').select({ shop: 'shop.nam' }),
    // @ts-expect-error -- a method is no column
    receipts.join('shop').select({ shop: 'shop.label' }),
    // @ts-expect-error -- wrong operand
    receipts.select({ payer: 'payer' }).where({ cents: 'many' }),
    // @ts-expect-error -- wrong operand of an operator
    receipts.select({ payer: 'payer' }).where({ cents: MoreThan('many') }),
    // @ts-expect-error -- wrong operand of a joined column
    receipts.join('shop').select({ payer: 'payer' }).where({ 'shop.name': 7 }),
    // @ts-expect-error -- misspelled column in criteria
    receipts.select({ payer: 'payer' }).where({ cent: 7 }),
    // @ts-expect-error -- not selected
    receipts.select({ payer: 'payer' }).having({ total: 7 }),
    // @ts-expect-error -- wrong operand of something computed
    receipts.select({ total: sum('cents') }).having({ total: 'many' }),
    // @ts-expect-error -- no column
    receipts.select({ payer: 'payer' }).groupBy('payr'),
    // @ts-expect-error -- neither selected nor a column
    receipts.select({ payer: 'payer' }).orderBy({ total: 'ASC' }),
    // @ts-expect-error -- no direction
    receipts.select({ payer: 'payer' }).orderBy({ payer: 'UP' }),
  ]
}
