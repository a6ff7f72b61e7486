import {
  Column,
  Entity,
  factory,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Random,
  type Relation,
} from 'tenon/data'

import { openData } from '../open-data.ts'
import { createDatabase, SERVERS, whyNot } from '../servers.ts'

@Entity('made_author')
class Author {
  @PrimaryGeneratedColumn() id!: number
  @Column() name!: string
  @OneToMany(() => Book, (book) => book.author) books!: Relation<Book[]>
}

@Entity('made_book')
class Book {
  @PrimaryGeneratedColumn() id!: number
  @Column() title!: string
  @Column({ default: 'draft' }) state!: string
  @Column() pages!: number
  @ManyToOne(() => Author, (author) => author.books) author!: Relation<Author>
  @ManyToMany(() => Label, (label) => label.books) @JoinTable() labels!: Relation<Label[]>
}

@Entity('made_label')
class Label {
  @PrimaryColumn() name!: string
  @ManyToMany(() => Book, (book) => book.labels) books!: Relation<Book[]>
}

const authors = () => factory(Author, { name: ({ sequence }) => `Author ${sequence}` })
const books = () =>
  factory(Book, {
    title: ({ sequence }) => `Book ${sequence}`,
    pages: ({ random }) => random.int(10, 900),
    author: authors(),
  }).states({ printed: { state: 'printed' }, short: { pages: 7 } })

describe('factory', () => {
  it('makes entities of their class, counted, with the values of their states', () => {
    const library = books()

    const [first, second] = library.makeMany(2)
    const third = library.state('printed', 'short').with({ title: 'Mine' }).make()

    expect(first).toBeInstanceOf(Book)
    expect([first?.title, second?.title]).toEqual(['Book 1', 'Book 2'])
    expect(third).toMatchObject({ title: 'Mine', state: 'printed', pages: 7, author: { name: 'Author 3' } })
    expect(library.make().title).toBe('Book 4')
  })

  it('makes the same entities from the same seed, and others from another', () => {
    const pages = (seed: number) =>
      books()
        .seed(seed)
        .makeMany(5)
        .map((book) => book.pages)

    expect(pages(3)).toEqual(pages(3))
    expect(pages(3)).not.toEqual(pages(4))
  })

  it('refuses to compile what the entity does not have', () => {
    // @ts-expect-error -- A book has no colour.
    factory(Book, { colour: 'red' })
    // @ts-expect-error -- A title is a string.
    factory(Book, { title: 5 })
    // @ts-expect-error -- An author is made by a factory of authors.
    factory(Book, { author: factory(Label) })
    // @ts-expect-error -- There is no such state.
    expect(() => books().state('lost').make()).not.toThrow()
  })
})

describe('Random', () => {
  it('stays within its bounds, and reaches both ends', () => {
    const random = new Random(5)
    const drawn = Array.from({ length: 2000 }, () => random.int(-2, 2))

    expect([...new Set(drawn)].toSorted((one, other) => one - other)).toEqual([-2, -1, 0, 1, 2])
    expect(random.chance(0)).toBe(false)
    expect(random.chance(1)).toBe(true)
    expect(random.hex(12)).toMatch(/^[0-9a-f]{12}$/)
    expect(random.some(['a', 'b'], 1)).toEqual(['a', 'b'])
  })
})

for (const [name, server] of [['SQLite', undefined], ...Object.entries(SERVERS)] as const) {
  const reason = server === undefined ? undefined : await whyNot(server)
  const suite = reason === undefined || process.env['CI'] === 'true' ? describe : describe.skip

  suite(`factory on ${name}${reason === undefined ? '' : ` (not there: ${reason})`}`, () => {
    it('writes entities with what they belong to, what belongs to them, and what they share', async () => {
      await using database = server === undefined ? undefined : await createDatabase(server)
      await using data = await openData({
        ...(database ? { url: database.url } : {}),
        entities: [Author, Book, Label],
      })
      const { manager } = data.database.source
      const labels = factory(Label, { name: ({ sequence }) => `label ${sequence}` })

      const author = await authors()
        .with({ books: [books().with({ author: undefined }), books().state('short')] })
        .create(manager)
      const book = await books()
        .with({ title: 'Shared', labels: [labels, labels] })
        .create(manager)
      const label = await factory(Label, { name: 'late', books: [books().with({ title: 'Late' })] }).create(manager)

      expect(author.books.map(({ id }) => typeof id)).toEqual(['number', 'number'])
      expect(label.name).toBe('late')
      const relations = { author: true, labels: true }
      const written = await manager.find(Book, { relations, order: { id: 'ASC', labels: { name: 'ASC' } } })
      expect(written.map((each) => [each.title, each.author.name, each.labels.map((label) => label.name)])).toEqual([
        ['Book 1', 'Author 1', []],
        ['Book 1', 'Author 1', []],
        ['Shared', 'Author 1', ['label 1', 'label 2']],
        ['Late', 'Author 1', ['late']],
      ])
      expect(await manager.count(Author)).toBe(3)
      expect(book.id).toBe(written[2]?.id)
    })

    it('takes part in the transaction whose manager it is given', async () => {
      await using database = server === undefined ? undefined : await createDatabase(server)
      await using data = await openData({
        ...(database ? { url: database.url } : {}),
        entities: [Author, Book, Label],
      })
      const seeding = data.unitOfWork.transaction(async () => {
        await authors().createMany(data.unitOfWork.manager, 3)
        throw new Error('no')
      })

      await expect(seeding).rejects.toThrow('no')

      expect(await data.database.source.manager.count(Author)).toBe(0)
    })
  })
}
