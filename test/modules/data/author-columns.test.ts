import { Controller, CurrentUser, Module, Param, Patch, Post, Public } from 'tenon'
import {
  BaseRepository,
  Column,
  CreateDateColumn,
  CreatedBy,
  DataModule,
  Entity,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Repository,
  UpdateDateColumn,
  UpdatedBy,
  VersionColumn,
} from 'tenon/data'
import { testApp } from 'tenon/testing'

import { onEveryDatabase } from './on-every-database.ts'

@Entity()
class Memo {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  text!: string

  @CreatedBy()
  createdBy!: string | null

  @UpdatedBy()
  updatedBy!: string | null
}

@Entity()
class Card {
  @PrimaryColumn('integer')
  id!: number

  @Column()
  text!: string

  @Column({ default: 'none' })
  colour!: string

  @CreatedBy()
  createdBy!: string | null

  @UpdatedBy()
  updatedBy!: string | null

  @CreateDateColumn()
  createdAt!: Date

  @UpdateDateColumn()
  updatedAt!: Date

  @VersionColumn()
  version!: number
}

@Repository(Card)
class Cards extends BaseRepository<Card> {}

@Repository(Memo)
class Memos extends BaseRepository<Memo> {}

@Controller('/cards')
@Public('a test')
class CardsController {
  constructor(private readonly cards: Cards) {}

  @Post('/:text')
  async write(@Param('text') text: string): Promise<void> {
    await this.cards.upsert(
      [
        { id: 1, text },
        { id: 2, text },
      ],
      ['id'],
    )
  }
}

@Controller('/memos')
@Public('a test')
class MemosController {
  constructor(private readonly memos: Memos) {}

  @Post('/:how')
  write(@Param('how') how: string, @CurrentUser() _user?: object): Promise<Memo> {
    if (how === 'insert') return this.memos.insert({ text: 'a' })
    return this.memos.save(Object.assign(new Memo(), { text: 'a' }))
  }

  @Patch('/:how')
  async change(@Param('how') how: string): Promise<void> {
    if (how === 'save') {
      const memo = await this.memos.findOrFail(1)
      await this.memos.save(Object.assign(memo, { text: 'saved' }))
    } else if (how === 'update') await this.memos.update(1, { text: 'updated' })
    else if (how === 'query') await this.memos.where({ id: 1 }).update({ text: 'queried' })
    else await this.memos.queryBuilder().update().set({ text: 'built' }).where({ id: 1 }).execute()
  }
}

onEveryDatabase('@CreatedBy and @UpdatedBy', ({ create }) => {
  const boot = async (url: string) => {
    @Module({
      imports: [DataModule.with({ url, synchronize: true })],
      providers: [Memos],
      controllers: [MemosController],
    })
    class MemosModule {}
    return testApp(MemosModule).boot()
  }

  it.each(['insert', 'save'])('know who wrote a new row by %s, and answer it', async (how) => {
    await using database = await create()
    await using app = await boot(database.url)

    const response = await app.as({ id: 'ann' }).request(`/memos/${how}`, { method: 'POST' })

    expect(await response.json()).toMatchObject({ createdBy: 'ann', updatedBy: 'ann' })
    expect(await app.get(Memos).findOrFail(1)).toMatchObject({ createdBy: 'ann', updatedBy: 'ann' })
  })

  it('know who changed a row last, whichever way', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    await app.as({ id: 'ann' }).request('/memos/insert', { method: 'POST' })

    for (const how of ['save', 'update', 'query', 'builder']) {
      await app.as({ id: `ben by ${how}` }).request(`/memos/${how}`, { method: 'PATCH' })
      expect(await app.get(Memos).findOrFail(1)).toMatchObject({ createdBy: 'ann', updatedBy: `ben by ${how}` })
    }
  })

  it('know who wrote and who changed a row by upsert, beside its dates and version', async () => {
    await using database = await create()
    @Module({
      imports: [DataModule.with({ url: database.url, synchronize: true })],
      providers: [Cards],
      controllers: [CardsController],
    })
    class CardsModule {}
    await using app = await testApp(CardsModule).boot()
    const cards = app.get(Cards)
    const longAgo = new Date('2020-01-01T00:00:00Z')
    await cards.insert({ id: 1, text: 'old', colour: 'red' })
    await cards.query().where({ id: 1 }).update({ createdBy: 'eve', createdAt: longAgo, updatedAt: longAgo })
    const { version } = await cards.findOrFail(1)

    await app.as({ id: 'ann' }).request('/cards/first', { method: 'POST' })

    const [changed, made] = await cards.query().orderBy({ id: 'ASC' })
    expect(changed).toMatchObject({
      text: 'first',
      colour: 'red',
      createdBy: 'eve',
      updatedBy: 'ann',
      createdAt: longAgo,
    })
    expect(changed?.updatedAt.getTime()).toBeGreaterThan(longAgo.getTime())
    expect(changed?.version).toBe(version + 1)
    expect(made).toMatchObject({ text: 'first', colour: 'none', createdBy: 'ann', updatedBy: 'ann', version: 1 })
    await app.as({ id: 'ben' }).request('/cards/second', { method: 'POST' })
    expect(await cards.query().orderBy({ id: 'ASC' })).toMatchObject([
      { text: 'second', createdBy: 'eve', updatedBy: 'ben', version: version + 2 },
      { text: 'second', createdBy: 'ann', updatedBy: 'ben', version: 2 },
    ])
  })

  it('are empty where nobody in particular wrote', async () => {
    await using database = await create()
    await using app = await boot(database.url)
    await app.as({ id: 'ann' }).request('/memos/insert', { method: 'POST' })

    await app.get(Memos).update(1, { text: 'by a script' })
    await app.get(Memos).insert({ text: 'by a script' })

    expect(await app.get(Memos).query().orderBy({ id: 'ASC' })).toMatchObject([
      { createdBy: 'ann', updatedBy: null },
      { createdBy: null, updatedBy: null },
    ])
  })
})
