import { Controller, Get, Module, Param, type Principal } from 'tenon'
import { Access, AccessModule, Authorize, definePolicy } from 'tenon/access'
import {
  BaseRepository,
  Column,
  DataModule,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Repository,
  type Relation,
} from 'tenon/data'
import { runAsTenant, TenancyModule, TenantDirectory, TenantScoped, type TenantRecord } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'

@TenantScoped()
@Entity('access_tenant_board')
class Board {
  @PrimaryColumn() readonly id!: number
  @Column() readonly ownerId!: string
}

@TenantScoped()
@Entity('access_tenant_card')
class Card {
  @PrimaryColumn() readonly id!: number
  @Column({ nullable: true }) readonly boardId!: number | null
  @ManyToOne(() => Board, { nullable: true, createForeignKeyConstraints: false })
  @JoinColumn({ name: 'boardId' })
  readonly board?: Relation<Board> | null
}

const CardPolicy = definePolicy(Card, (user, card, { allow }) => {
  allow('read', 'update').when(card.board.ownerId.equals(user.id))
})

@Repository(Board)
class Boards extends BaseRepository<Board> {}

@Repository(Card)
class Cards extends BaseRepository<Card> {}

@Controller('/cards')
@TenantScoped()
class CardsController {
  constructor(
    readonly cards: Cards,
    readonly access: Access,
  ) {}

  @Get()
  @Authorize(CardPolicy, 'read')
  list(): Promise<readonly Card[]> {
    return this.cards.find({ where: this.access.visible(Card, 'read'), order: { id: 'ASC' } })
  }

  @Get('/:id')
  @Authorize(CardPolicy, 'read', { by: 'id' })
  get(@Param('id') _id: number): Card {
    return this.access.loaded(Card)!
  }
}

class AnyTenant extends TenantDirectory {
  async find(id: string): Promise<TenantRecord> {
    return { id, name: id, state: 'active', settings: {}, limits: {} }
  }
}

const ann = (tenant: string): Principal => ({ id: 'ann', tenant })

async function boot(url: string): Promise<TestApp> {
  @Module({
    imports: [DataModule.with({ url, synchronize: true }), TenancyModule, AccessModule],
    controllers: [CardsController],
    providers: [Boards, Cards],
  })
  class CardsModule {}
  const app = await testApp(CardsModule).override(TenantDirectory).withClass(AnyTenant).boot()
  await runAsTenant('acme', async () => {
    await app.get(Boards).insert({ id: 1, ownerId: 'ann' })
    await app.get(Cards).insertMany([
      { id: 10, boardId: 1 },
      { id: 11, boardId: null },
    ])
  })
  await runAsTenant('globex', async () => {
    await app.get(Boards).insert({ id: 2, ownerId: 'ann' })
    await app.get(Cards).insert({ id: 20, boardId: 2 })
  })
  return app
}

onEveryDatabase('Policies of rows that belong to tenants', ({ create, kind }) => {
  const idsOf = async (app: TestApp, tenant: string): Promise<unknown> =>
    ((await (await app.as(ann(tenant)).request('/cards')).json()) as Card[]).map(({ id }) => id)
  const statusOf = async (app: TestApp, tenant: string, id: number): Promise<number> =>
    (await app.as(ann(tenant)).request(`/cards/${id}`)).status

  it('read what is related within the tenant', async () => {
    await using database = await create()
    await using app = await boot(database.url)

    expect(await idsOf(app, 'acme')).toEqual([10])
    expect(await idsOf(app, 'globex')).toEqual([20])
    expect(await statusOf(app, 'acme', 10)).toBe(200)
    expect(await statusOf(app, 'acme', 11)).toBe(404)
    expect(await statusOf(app, 'acme', 20)).toBe(404)
    const bulk = runAsTenant('acme', () =>
      app
        .get(Cards)
        .where(app.get(Access).visible(Card, 'update', { caller: ann('acme') }))
        .update({ boardId: null }),
    )
    expect(await bulk).toBe(1)
  })

  it('take a row of another tenant for none', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    const quote = (name: string): string => (kind === 'mariadb' ? `\`${name}\`` : `"${name}"`)
    const { data } = await app.application.run('access:why', {
      options: { user: 'ann', tenant: 'acme', endpoint: 'GET /cards/:id', id: '10' },
    })
    await runAsTenant('acme', () =>
      app
        .get(Cards)
        .queryBuilder()
        .update()
        .set({ boardId: () => `2 + 0 * ${quote('id')}` })
        .where({ id: 11 })
        .execute(),
    )

    expect(data).toMatchObject({ allowed: true })
    expect(await idsOf(app, 'acme')).toEqual([10])
    expect(await statusOf(app, 'acme', 11)).toBe(404)
  })
})
