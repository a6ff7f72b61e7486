import { Controller, Get, Module, Public, Returns } from 'tenon'
import {
  BaseRepository,
  Column,
  DataModule,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Repository,
  type Relation,
} from 'tenon/data'
import { testApp, type TestApp } from 'tenon/testing'
import { IsString } from 'class-validator'

import { onEveryDatabase } from '../on-every-database.ts'

@Entity('shelves')
class Shelf {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 20 })
  label!: string

  @OneToMany(() => Book, (book) => book.shelf)
  readonly books!: Relation<Book[]>
}

@Entity('books')
class Book {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 20 })
  title!: string

  @Column({ type: 'integer', nullable: true })
  shelfId!: number | null

  @ManyToOne(() => Shelf, (shelf) => shelf.books)
  @JoinColumn({ name: 'shelfId' })
  readonly shelf!: Relation<Shelf> | null
}

@Repository(Shelf)
class Shelves extends BaseRepository<Shelf> {}

@Repository(Book)
class Books extends BaseRepository<Book> {}

class LabelledBook {
  @IsString()
  readonly title!: string

  @IsString()
  readonly label!: string | undefined
}

@Controller('/books')
@Public()
class BooksController {
  constructor(
    private readonly books: Books,
    private readonly shelves: Shelves,
  ) {}

  @Get('/one-by-one')
  @Returns(LabelledBook, { array: true })
  async oneByOne(): Promise<LabelledBook[]> {
    const labelled: LabelledBook[] = []
    for (const { title, shelfId } of await this.books.find({ order: { id: 'ASC' } })) {
      const shelf = shelfId === null ? null : await this.shelves.findOneBy({ id: shelfId })
      labelled.push({ title, label: shelf?.label })
    }
    return labelled
  }

  @Get('/with-relation')
  @Returns(LabelledBook, { array: true })
  async withRelation(): Promise<LabelledBook[]> {
    const books = await this.books.find({ order: { id: 'ASC' }, relations: { shelf: true } })
    return books.map(({ title, shelf }) => ({ title, label: shelf?.label }))
  }

  @Get('/related')
  @Returns(LabelledBook, { array: true })
  async related(): Promise<LabelledBook[]> {
    const books = await this.books.find({ order: { id: 'ASC' } })
    return Promise.all(
      books.map(async (book) => ({ title: book.title, label: (await this.books.related(book, 'shelf'))?.label })),
    )
  }

  @Get('/shelves')
  async byShelf(): Promise<number[]> {
    const counts: number[] = []
    for (const { id } of await this.shelves.find()) counts.push((await this.books.findBy({ shelfId: id })).length)
    return counts
  }
}

@Module({
  imports: [DataModule.with({ synchronize: true })],
  controllers: [BooksController],
  providers: [Books, Shelves],
})
class BooksModule {}

async function boot(url: string, mode?: string): Promise<TestApp> {
  const app = await testApp(BooksModule).env({ DATABASE_URL: url, DATABASE_REPEATED_READS: mode }).boot()
  const shelves = await app.get(Shelves).insertMany(['a', 'b', 'c', 'd', 'e', 'f'].map((label) => ({ label })))
  await app
    .get(Books)
    .insertMany([...shelves.map(({ id }) => ({ title: `on ${id}`, shelfId: id })), { title: 'on none', shelfId: null }])
  return app
}

const told = (app: TestApp): readonly string[] =>
  app.logs.lines.filter(({ fields }) => fields['code'] === 'DATA_REPEATED_READS').map(({ message }) => message)

onEveryDatabase('A call that reads row by row', ({ create }) => {
  it('is told where it asked, and which relation to load', async () => {
    await using database = await create()
    await using app = await boot(database.url)

    const response = await app.request('/books/one-by-one')

    expect(response.status).toBe(200)
    expect(told(app)).toHaveLength(1)
    expect(told(app)[0]).toMatch(
      /^BooksController\.oneByOne sent the same question 6 times, once for each row, from .*repeated-reads\.test\.ts:\d+:\d+: load Book\.shelf with the rows\.$/,
    )
  })

  it('is told by the foreign key as well', async () => {
    await using database = await create()
    await using app = await boot(database.url)

    await app.request('/books/shelves')

    expect(told(app)[0]).toContain('load Shelf.books with the rows')
  })

  it('is not told where one question is enough', async () => {
    await using database = await create()
    await using app = await boot(database.url)

    const loaded = await (await app.request('/books/with-relation')).json()
    const related = await (await app.request('/books/related')).json()

    expect(told(app)).toEqual([])
    expect(related).toEqual(loaded)
    expect(related).toHaveLength(7)
    expect(related).toContainEqual({ title: 'on none' })
  })
})

describe('DATABASE_REPEATED_READS', () => {
  it('lets the call fail when it says so', async () => {
    await using app = await boot('sqlite::memory:', 'fail')

    const response = await app.request('/books/one-by-one')
    const other = await app.request('/books/with-relation')

    expect([response.status, other.status]).toEqual([500, 200])
    expect(await response.json()).toMatchObject({ code: 'DATA_REPEATED_READS' })
  })

  it('says nothing when it is off', async () => {
    await using app = await boot('sqlite::memory:', 'off')

    await app.request('/books/one-by-one')

    expect(told(app)).toEqual([])
  })
})
