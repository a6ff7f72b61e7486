import { expectTypeOf } from 'expect-type'
import { Module } from 'tenon'
import {
  Column,
  DataModule,
  Entity,
  Filter,
  Model,
  PrimaryGeneratedColumn,
  Query,
  UnitOfWork,
  VersionColumn,
} from 'tenon/data'
import { testApp, type TestApp } from 'tenon/testing'

import { onEveryDatabase } from '../on-every-database.ts'

@Entity('members')
@Filter('active', () => ({ active: true }))
class Member extends Model {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 40, unique: true })
  name!: string

  @Column({ type: Boolean, default: true })
  active!: boolean

  @VersionColumn()
  readonly version!: number

  get greeting(): string {
    return `I am ${this.name}`
  }
}

@Module({ imports: [DataModule.with({ synchronize: true })], entities: [Member] })
class MembersModule {}

const boot = (url: string): Promise<TestApp> => testApp(MembersModule).env({ DATABASE_URL: url }).boot()

onEveryDatabase('A model', ({ create }) => {
  it('reads and writes itself', async () => {
    await using database = await create()
    await using _app = await boot(database.url)

    const ada = await Member.create({ name: 'Ada' })
    ada.name = 'Ada L.'
    await ada.save()
    await Member.createMany([{ name: 'Bob' }, { name: 'Cyd' }])
    const found = await Member.findOrFail(ada.id)
    const others = await Member.query().orderBy({ name: 'DESC' }).limit(2)

    expect(found).toBeInstanceOf(Member)
    expect(found.greeting).toBe('I am Ada L.')
    expect(others.map(({ name }) => name)).toEqual(['Cyd', 'Bob'])
    expect(await Member.count()).toBe(3)
    expect(await Member.exists({ where: { name: 'Bob' } })).toBe(true)
    expect((await Member.paginate({ size: 2 })).total).toBe(3)
  })

  it('takes part in the transaction around it', async () => {
    await using database = await create()
    await using app = await boot(database.url)

    const failed = app.get(UnitOfWork).transaction(async () => {
      await Member.create({ name: 'Ada' })
      throw new Error('no')
    })

    await expect(failed).rejects.toThrow('no')
    expect(await Member.count()).toBe(0)
  })

  it('is held to what holds for repositories', async () => {
    await using database = await create()
    await using _app = await boot(database.url)
    const ada = await Member.create({ name: 'Ada' })
    const same = await Member.findOrFail(ada.id)
    same.name = 'Eve'
    await same.save()
    await Member.create({ name: 'Old', active: false })

    expect(await Member.where({ name: 'Old' }).count()).toBe(0)
    expect(await Member.without('active', 'a test').where({ name: 'Old' }).count()).toBe(1)
    await expect(ada.save()).rejects.toMatchObject({ code: 'DATA_VERSION_CONFLICT' })
    await expect(Member.create({ name: 'Eve' })).rejects.toMatchObject({ code: 'DATA_DUPLICATE_ROW' })
    expect(() => Member.where({ name: undefined as unknown as string })).toThrow('undefined')
  })

  it('can be read again, and taken away once', async () => {
    await using database = await create()
    await using _app = await boot(database.url)
    const ada = await Member.create({ name: 'Ada' })
    await Member.where({ id: ada.id }).update({ name: 'Eve' })

    expect((await ada.reload()).name).toBe('Eve')
    await ada.delete()
    await expect(ada.delete()).rejects.toMatchObject({ code: 'DATA_ENTITY_NOT_FOUND' })
  })
})

describe('A model', () => {
  it('is found only while exactly one application has it, or in the transaction of one', async () => {
    expect(() => Member.query()).toThrow(expect.objectContaining({ code: 'DATA_MODEL_HOMELESS' }))
    await using app = await boot('sqlite::memory:')
    await using _other = await boot('sqlite::memory:')

    expect(() => Member.query()).toThrow(expect.objectContaining({ code: 'DATA_MODEL_AMBIGUOUS' }))
    expect(await app.get(UnitOfWork).transaction(() => Member.count())).toBe(0)
  })

  it('refuses to delete what was never saved', async () => {
    await using _app = await boot('sqlite::memory:')

    await expect(new Member().delete()).rejects.toMatchObject({ code: 'DATA_MODEL_UNSAVED' })
  })

  it('is typed by its own columns', () => {
    const query = (): Query<Member> => Member.where({ name: 'Ada' })
    // @ts-expect-error there is no such column
    const misspelled = (): unknown => Member.where({ nmae: 'Ada' })

    expectTypeOf(query).returns.toEqualTypeOf<Query<Member>>()
    expect(misspelled).toThrow('is a model of no application')
  })
})
