import { Body, Controller, createApp, Delete, Module, Param, Patch, Public, StartRefused } from 'tenon'
import {
  Audited,
  BaseRepository,
  Column,
  DataModule,
  DeleteDateColumn,
  Entity,
  Filter,
  History,
  HistoryModule,
  ManyToOne,
  Migrations,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Repository,
  UnitOfWork,
  VersionColumn,
  type EntityChange,
  type Relation,
} from 'tenon/data'
import { testApp, type TestApp } from 'tenon/testing'
import { IsString } from 'class-validator'

import { onEveryDatabase } from '../on-every-database.ts'

@Entity('invoices')
@Audited({ masked: ['iban'] })
@Filter('open', () => ({ closed: false }))
class Invoice {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 20, unique: true })
  number!: string

  @Column({ type: 'integer', default: 0 })
  total!: number

  @Column({ type: 'varchar', length: 34, nullable: true })
  iban!: string | null

  @Column({ type: Boolean, default: false })
  closed!: boolean

  @VersionColumn()
  readonly version!: number

  @DeleteDateColumn()
  readonly deletedAt!: Date | null

  @OneToMany(() => InvoiceLine, (line) => line.invoice, { cascade: true })
  lines!: Relation<InvoiceLine[]>
}

@Entity('invoice_lines')
@Audited()
class InvoiceLine {
  @PrimaryColumn({ type: 'integer' })
  invoiceId!: number

  @PrimaryColumn({ type: 'integer' })
  position!: number

  @Column({ type: 'varchar', length: 40 })
  text!: string

  @ManyToOne(() => Invoice, (invoice) => invoice.lines)
  invoice!: Relation<Invoice>
}

@Repository(Invoice)
class Invoices extends BaseRepository<Invoice> {}

@Repository(InvoiceLine)
class InvoiceLines extends BaseRepository<InvoiceLine> {}

class Renumbered {
  @IsString()
  readonly number!: string
}

@Controller('/invoices')
@Public()
class InvoicesController {
  constructor(private readonly invoices: Invoices) {}

  @Patch('/:id')
  async renumber(@Param('id') id: number, @Body() { number }: Renumbered): Promise<void> {
    await this.invoices.update(id, { number })
  }

  @Delete('/:id')
  async delete(@Param('id') id: number): Promise<void> {
    await this.invoices.softDelete(id)
  }
}

@Module({
  imports: [HistoryModule, DataModule.with({ synchronize: true })],
  controllers: [InvoicesController],
  providers: [Invoices, InvoiceLines],
})
class InvoicesModule {}

const boot = (url: string): Promise<TestApp> => testApp(InvoicesModule).env({ DATABASE_URL: url }).boot()

const told = (changes: readonly EntityChange[]): readonly unknown[] =>
  changes.map(({ action, changes: fields }) => [action, fields])

onEveryDatabase('The history of an audited entity', ({ create }) => {
  it('keeps inserts, changes and deletions with their values, newest first', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const [invoices, history] = [app.get(Invoices), app.get(History)]

    const { id } = await invoices.insert({ number: 'A1', iban: 'DE02' })
    await invoices.update({ number: 'A1' }, { total: 12, iban: 'DE03' })
    await invoices.update(id, { total: 12 })
    await invoices.delete(id)

    expect(told(await history.of(Invoice, id))).toMatchObject([
      ['delete', { number: { from: 'A1' }, total: { from: 12 }, iban: {} }],
      ['update', { version: { from: 2, to: 3 } }],
      ['update', { total: { from: 0, to: 12 }, iban: {}, version: { from: 1, to: 2 } }],
      ['insert', { number: { to: 'A1' }, total: { to: 0 }, closed: { to: false }, iban: {} }],
    ])
    expect(JSON.stringify(await history.of(Invoice, id))).not.toContain('DE0')
  })

  it('keeps what save writes, with what it cascades to, under keys of several columns', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const [invoices, history] = [app.get(Invoices), app.get(History)]

    const invoice = await invoices.insert({ number: 'A1' })
    invoice.lines = [Object.assign(new InvoiceLine(), { invoiceId: invoice.id, position: 1, text: 'nails' })]
    await invoices.save(invoice)
    invoice.lines[0]!.text = 'screws'
    await invoices.save(invoice)

    expect(told(await history.of(InvoiceLine, [invoice.id, 1]))).toEqual([
      ['update', { text: { from: 'nails', to: 'screws' } }],
      ['insert', { invoiceId: { to: invoice.id }, position: { to: 1 }, text: { to: 'nails' } }],
    ])
  })

  it('keeps many at once, and tells what an upsert has overwritten from what it has written', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const [invoices, history] = [app.get(Invoices), app.get(History)]

    await invoices.insertMany([{ number: 'A1' }, { number: 'A2' }])
    await invoices.upsert(
      [
        { number: 'A2', total: 5 },
        { number: 'A3', total: 7 },
      ],
      ['number'],
    )
    await invoices.where({ closed: false }).update({ total: 9 })
    const rows = await invoices.find({ order: { number: 'ASC' } })

    const actions = await Promise.all(
      rows.map(async ({ id }) =>
        (await history.of(Invoice, id)).map(({ action, changes }) => `${action} ${JSON.stringify(changes['total'])}`),
      ),
    )
    expect(actions).toEqual([
      ['update {"from":0,"to":9}', 'insert {"to":0}'],
      ['update {"from":5,"to":9}', 'update {"from":0,"to":5}', 'insert {"to":0}'],
      ['update {"from":7,"to":9}', 'insert {"to":7}'],
    ])
  })

  it('keeps rows that a filter hides afterwards, and soft deletions', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const [invoices, history] = [app.get(Invoices), app.get(History)]
    const { id } = await invoices.insert({ number: 'A1' })

    await invoices.update(id, { closed: true })
    await invoices.without('open', 'a test').where({ id }).softDelete()

    expect(told(await history.of(Invoice, id)).slice(0, 2)).toMatchObject([
      ['update', { deletedAt: { from: null, to: expect.any(String) } }],
      ['update', { closed: { from: false, to: true } }],
    ])
  })

  it('forgets what is rolled back', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const [invoices, history] = [app.get(Invoices), app.get(History)]
    const { id } = await invoices.insert({ number: 'A1' })
    await invoices.insert({ number: 'A2' })

    await expect(invoices.update(id, { number: 'A2' })).rejects.toMatchObject({ code: 'DATA_DUPLICATE_ROW' })
    const failed = app.get(UnitOfWork).transaction(async () => {
      await invoices.update(id, { total: 3 })
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')

    expect(told(await history.of(Invoice, id))).toHaveLength(1)
    expect((await invoices.findOrFail(id)).total).toBe(0)
  })

  it('knows who changed what, in which call', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const { id } = await app.get(Invoices).insert({ number: 'A1' })
    const ada = app.as({ id: 'ada', tenant: 'acme', actor: { id: 'desk' } })

    const response = await ada.request(`/invoices/${id}`, { method: 'PATCH', json: { number: 'A9' } })

    const [change] = await app.get(History).of(Invoice, id)
    expect(response.status).toBe(204)
    expect(change).toMatchObject({
      by: 'ada',
      actor: 'desk',
      tenant: 'acme',
      callId: response.headers.get('x-request-id'),
      changes: { number: { from: 'A1', to: 'A9' } },
    })
    expect(Math.abs(change!.at - Date.now())).toBeLessThan(60_000)
  })

  it('is read page by page', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const [invoices, history] = [app.get(Invoices), app.get(History)]
    const { id } = await invoices.insert({ number: 'A1' })
    for (const total of [1, 2, 3]) await invoices.update(id, { total })

    const first = await history.of(Invoice, id, { size: 3 })
    const second = await history.of(Invoice, id, { size: 3, before: first.at(-1)!.id })

    expect([first, second].map((page) => page.map(({ action }) => action))).toEqual([
      ['update', 'update', 'update'],
      ['insert'],
    ])
  })

  it('has the table that its migration makes', async () => {
    await using database = await create()
    await using app = await testApp(HistoryModule).env({ DATABASE_URL: database.url }).boot()

    expect((await app.get(Migrations).drift()).statements).toEqual([])
  })
})

describe('@Audited', () => {
  it('is refused where nothing keeps the changes', async () => {
    @Module({ imports: [DataModule], providers: [Invoices, InvoiceLines] })
    class ForgetfulModule {}

    const refused: unknown = await createApp(ForgetfulModule, { env: { TENON_ENV: 'test' } }).catch(
      (error: unknown) => error,
    )

    expect(refused).toBeInstanceOf(StartRefused)
    expect((refused as StartRefused).diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'DATA_HISTORY_MISSING: Invoice is @Audited, and nothing in the application keeps its changes.',
      'DATA_HISTORY_MISSING: InvoiceLine is @Audited, and nothing in the application keeps its changes.',
    ])
  })
})
