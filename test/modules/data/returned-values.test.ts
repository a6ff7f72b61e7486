import {
  BaseRepository,
  Column,
  CreateDateColumn,
  Entity,
  PrimaryGeneratedColumn,
  Repository,
  VersionColumn,
} from 'tenon/data'

import { onEveryDatabase } from './on-every-database.ts'
import { openData } from './open-data.ts'

const halved = { to: (value?: number) => value && value / 2, from: (value: number) => value * 2 }

@Entity('defaults')
class Defaulted {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 20 })
  name!: string

  @Column({ type: Boolean, default: true })
  isActive!: boolean

  @Column({ type: Boolean, nullable: true })
  isKnown!: boolean | null

  @Column({ type: 'integer', default: 4, transformer: halved })
  size!: number

  @Column({ type: 'simple-enum', enum: ['low', 'high'], default: 'low' })
  level!: 'low' | 'high'

  @Column({ type: 'simple-array', nullable: true })
  tags!: string[] | null

  @CreateDateColumn()
  readonly createdAt!: Date

  @VersionColumn()
  readonly version!: number
}

@Repository(Defaulted)
class Rows extends BaseRepository<Defaulted> {}

onEveryDatabase('What the database fills in', ({ create }) => {
  it('has the types of the entity at once, and is not changed by the next save', async () => {
    await using database = await create()
    await using data = await openData({ url: database.url, entities: [Defaulted] })
    const rows = new Rows(data.unitOfWork)

    const inserted = await rows.insert({ name: 'new' })
    const filled = { ...inserted }
    inserted.name = 'changed'
    await rows.save(inserted)
    const read = await rows.findOrFail(inserted.id)

    expect(filled).toMatchObject({ isActive: true, size: 8, level: 'low', createdAt: expect.any(Date), version: 1 })
    expect(read).toMatchObject({ name: 'changed', isActive: true, size: 8, level: 'low', version: 2 })
    expect([read.isKnown, read.tags]).toEqual([null, null])
  })
})
