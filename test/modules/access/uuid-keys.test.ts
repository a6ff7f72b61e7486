import { Module } from 'tenon'
import { Access, AccessModule, definePolicy } from 'tenon/access'
import { BaseRepository, Column, DataModule, Entity, PrimaryGeneratedColumn, Repository } from 'tenon/data'
import { testApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'

@Entity('access_uuid_letter')
class Letter {
  @PrimaryGeneratedColumn('uuid') readonly id!: string
  @Column({ type: 'uuid' }) readonly writerId!: string
}

definePolicy(Letter, (user, letter, { allow }) => {
  allow('read').when(letter.writerId.equals(user.id))
  allow('hide').when(letter.writerId.differs(user.id))
})

@Repository(Letter)
class Letters extends BaseRepository<Letter> {}

const WRITER = '0195f3a0-7c1e-7c3a-9d2b-3f1e2d4c5b6a'

onEveryDatabase('Policies on identifiers', ({ create }) => {
  it('compare them as they are written, and take other texts for nobody’s', async () => {
    await using database = await create()
    @Module({
      imports: [DataModule.with({ url: database.url, synchronize: true }), AccessModule],
      providers: [Letters],
    })
    class LettersModule {}
    await using app = await testApp(LettersModule).boot()
    const { id } = await app.get(Letters).insert({ writerId: WRITER })
    const access = app.get(Access)
    const counts = async (caller: string, action: string): Promise<readonly unknown[]> => {
      const row = await app.get(Letters).findOrFail(id)
      const where = access.visible(Letter, action, { caller: { id: caller } })
      return [await app.get(Letters).countBy(where), await access.can(action, row, { caller: { id: caller } })]
    }

    expect(await counts(WRITER, 'read')).toEqual([1, true])
    expect(await counts(WRITER, 'hide')).toEqual([0, false])
    for (const other of [WRITER.toUpperCase(), 'bob', '', `${WRITER} `, id]) {
      expect(await counts(other, 'read')).toEqual([0, false])
      expect(await counts(other, 'hide')).toEqual([1, true])
    }
    expect(await access.rowDatabase.load(Letter, id)).toMatchObject({ writerId: WRITER })
    expect(await access.rowDatabase.load(Letter, 'bob')).toBeNull()
  })
})
