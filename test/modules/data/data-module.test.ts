import {
  Controller,
  createApp,
  Get,
  Health,
  Logger,
  Module,
  OnInit,
  Param,
  Post,
  Service,
  type ConfiguredModule,
} from 'tenon'
import {
  BaseRepository,
  Column,
  Database,
  DataModule,
  Entity,
  Migrations,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Repository,
  UnitOfWork,
} from 'tenon/data'
import { testApp } from 'tenon/testing'

import { CreateNotes1751328000000, FillNotes1751328000001 } from './tickets.ts'
import { inProcesses } from './programs/in-processes.ts'

@Entity()
class Book {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  title!: string
}

@Entity()
class Shelf {
  @PrimaryGeneratedColumn()
  id!: number
}

@Entity('note')
class Note {
  @PrimaryColumn()
  id!: number

  @Column({ length: 100 })
  text!: string
}

@Repository(Book)
class Books extends BaseRepository<Book> {}

/** Has a constructor of its own, which knows nothing of the unit of work. */
@Repository(Book)
class LoggedBooks extends BaseRepository<Book> {
  readonly #logger: Logger

  constructor(logger: Logger) {
    super()
    this.#logger = logger
  }

  async insertLogged(title: string): Promise<void> {
    await this.insert({ title })
    this.#logger.info(`inserted ${title}`)
  }
}

@Service()
class Library {
  readonly #books: Books
  readonly #logged: LoggedBooks
  readonly #unitOfWork: UnitOfWork

  constructor(books: Books, logged: LoggedBooks, unitOfWork: UnitOfWork) {
    this.#books = books
    this.#logged = logged
    this.#unitOfWork = unitOfWork
  }

  @OnInit()
  async fill(): Promise<void> {
    await this.#books.insert({ title: 'Wood Joints' })
  }

  async addTwoAndFail(): Promise<void> {
    await this.#unitOfWork.transaction(async () => {
      await this.#books.insert({ title: 'one' })
      await this.#logged.insertLogged('two')
      throw new Error('no')
    })
  }
}

@Controller('/books')
class BooksController {
  readonly #books: Books
  readonly #library: Library

  constructor(books: Books, library: Library) {
    this.#books = books
    this.#library = library
  }

  @Get('/count')
  async count(): Promise<number> {
    return this.#books.count()
  }

  @Get('/:id')
  one(@Param('id') id: number): Promise<Book> {
    return this.#books.findOrFail(id)
  }

  @Post('/fail')
  fail(): Promise<void> {
    return this.#library.addTwoAndFail()
  }
}

function libraryWith(...imports: readonly (typeof DataModule | ConfiguredModule)[]) {
  @Module({
    imports,
    controllers: [BooksController],
    providers: [Library, Books, LoggedBooks],
    entities: [Shelf],
  })
  class LibraryModule {}
  return LibraryModule
}

describe('DataModule', () => {
  it('opens the database before the services that use it, and serves what they wrote', async () => {
    await using app = await testApp(libraryWith(DataModule.with({ synchronize: true }))).boot()

    const response = await app.request('/books/1')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ id: 1, title: 'Wood Joints' })
  })

  it('knows the entities of repositories and those that modules list', async () => {
    await using app = await testApp(libraryWith(DataModule.with({ synchronize: true }))).boot()

    const { entityMetadatas } = app.get(Database).source

    expect(entityMetadatas.map((metadata) => metadata.name).toSorted()).toEqual(['Book', 'Shelf'])
  })

  it('runs the migrations that modules list with those of the application, once', async () => {
    @Module({ entities: [Note], migrations: [CreateNotes1751328000000] })
    class NotesModule {}
    @Module({
      imports: [NotesModule, DataModule.with({ migrations: [FillNotes1751328000001, CreateNotes1751328000000] })],
    })
    class ApplicationModule {}

    await using app = await testApp(ApplicationModule).boot()

    expect(await app.get(Migrations).status()).toEqual([
      { name: 'CreateNotes1751328000000', state: 'done' },
      { name: 'FillNotes1751328000001', state: 'done' },
    ])
    expect(await app.get(UnitOfWork).manager.find(Note)).toEqual([{ id: 1, text: 'first' }])
  })

  it('turns a missing row into a 404 problem', async () => {
    await using app = await testApp(libraryWith(DataModule.with({ synchronize: true }))).boot()

    const response = await app.request('/books/42')

    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      code: 'DATA_ENTITY_NOT_FOUND',
      detail: 'There is no Book with id 42.',
    })
  })

  it('shares the transaction among repositories, those with constructors of their own included', async () => {
    await using app = await testApp(libraryWith(DataModule.with({ synchronize: true }))).boot()

    const failed = await app.request('/books/fail', { method: 'POST' })
    const count = await app.request('/books/count')

    expect(failed.status).toBe(500)
    expect(app.logs.lines.map((line) => line.message)).toContain('inserted two')
    expect(await count.json()).toBe(1)
  })

  it('reports the database in the readiness check', async () => {
    await using app = await testApp(libraryWith(DataModule.with({ synchronize: true }))).boot()

    const ready = await app.request('/health/ready')
    expect(ready.status).toBe(200)
    expect(await app.get(Health).ready()).toEqual({ status: 'up', checks: { database: 'up' } })

    await app.get(Database).close()
    const unready = await app.request('/health/ready')
    expect(unready.status).toBe(503)
    expect(await app.get(Health).ready()).toEqual({ status: 'down', checks: { database: 'down' } })
  })

  it('closes the database when the application closes', async () => {
    const app = await testApp(libraryWith(DataModule.with({ synchronize: true }))).boot()
    const { source } = app.get(Database)

    await app.close()

    expect(source.isInitialized).toBe(false)
  })

  it('takes its settings from the environment, and refuses to start when they make no sense', async () => {
    const boot = () => testApp(libraryWith(DataModule)).env({ DATABASE_URL: 'oracle://ann:s3cret@db/shop' }).boot()

    await expect(boot()).rejects.toThrow(/oracle:\/\/ is not a database/)
    await expect(boot()).rejects.not.toThrow(/s3cret/)
  })

  it('takes settings made from other providers', async () => {
    const configured = DataModule.with(async (resolve) => {
      const logger = await resolve(Logger)
      logger.info('asked for settings')
      return { synchronize: true }
    })
    await using app = await testApp(libraryWith(configured)).boot()

    expect(app.logs.lines.map((line) => line.message)).toContain('asked for settings')
    expect((await app.request('/books/count')).status).toBe(200)
  })

  it('refuses to synchronize in production', async () => {
    const starting = createApp(libraryWith(DataModule.with({ synchronize: true, url: 'sqlite::memory:' })), {
      env: { TENON_ENV: 'production' },
      cwd: import.meta.dirname,
    })

    await expect(starting).rejects.toMatchObject({ code: 'DATA_SYNCHRONIZE_IN_PRODUCTION' })
  })

  it('is not loaded by an application without it, and neither is TypeORM', async () => {
    const [[without], [loadedWith]] = await Promise.all([
      inProcesses<readonly string[]>('loaded-files.js', 1),
      inProcesses<readonly string[]>('loaded-files.js', 1, 'tenon/data'),
    ])

    expect(without?.filter((file) => file.includes('typeorm'))).toEqual([])
    expect(loadedWith?.filter((file) => file.includes('typeorm')).length).toBeGreaterThan(100)
  })
})
