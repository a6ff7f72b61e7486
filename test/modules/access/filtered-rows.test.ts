import { Controller, Delete, Get, Module, Param, Patch, Public, type Principal } from 'tenon'
import { AccessModule, Authenticated, definePolicy, role } from 'tenon/access'
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
import { testApp, type TestApp } from 'tenon/testing'

@Entity('filtered_folder')
class Folder {
  @PrimaryColumn() readonly id!: number
  @Column() readonly ownerId!: string
}

@Entity('filtered_paper')
class Paper {
  @PrimaryColumn() readonly id!: number
  @Column() title!: string
  @Column() readonly authorId!: string
  @Column({ nullable: true }) readonly folderId!: number | null
  @ManyToOne(() => Folder, { nullable: true })
  @JoinColumn({ name: 'folderId' })
  readonly folder?: Relation<Folder> | null
}

definePolicy(
  Folder,
  (user, folder, { allow }) => {
    allow('read').when(folder.ownerId.equals(user.id))
    allow('read').when(role('clerk'))
  },
  { filter: true },
)
definePolicy(
  Paper,
  (user, paper, { allow, deny }) => {
    allow('read', 'update').when(paper.authorId.equals(user.id))
    allow('read').when(paper.folder.ownerId.equals(user.id))
    allow('read', 'update', 'delete').when(role('clerk'))
    deny('delete').when(paper.title.equals('treaty'))
  },
  { filter: true },
)

@Repository(Folder)
class Folders extends BaseRepository<Folder> {}

@Repository(Paper)
class Papers extends BaseRepository<Paper> {}

@Controller('/papers')
@Authenticated()
class PapersController {
  constructor(readonly papers: Papers) {}

  @Get()
  list(): Promise<readonly Paper[]> {
    return this.papers.find({ relations: { folder: true }, order: { id: 'ASC' } })
  }

  @Get('/count')
  count(): Promise<number> {
    return this.papers.count()
  }

  @Get('/lobby')
  @Public('a lobby')
  lobby(): Promise<readonly Paper[]> {
    return this.papers.find()
  }

  @Get('/all')
  @Public('a report')
  async all(): Promise<readonly Paper[]> {
    return await this.papers.without('access', 'the report counts every paper')
  }

  @Patch('/title')
  rename(): Promise<number> {
    return this.papers.where({ title: 'letter' }).update({ title: 'note' })
  }

  @Delete('/:id')
  remove(@Param('id') id: number): Promise<number> {
    return this.papers.delete(id)
  }

  @Delete()
  clear(): Promise<number> {
    return this.papers
      .queryBuilder('p')
      .delete()
      .execute()
      .then(({ affected }) => affected ?? 0)
  }
}

@Module({
  imports: [DataModule.with({ synchronize: true }), AccessModule.with({ roles: { clerk: {} } })],
  controllers: [PapersController],
  providers: [Papers, Folders],
})
class PapersModule {}

const CLERK: Principal = { id: 'clerk', roles: ['clerk'] }
const ANN: Principal = { id: 'ann' }
const OLE: Principal = { id: 'ole' }

async function boot(): Promise<TestApp> {
  const app = await testApp(PapersModule).boot()
  await app.get(Folders).insert({ id: 5, ownerId: 'ole' })
  await app.get(Papers).insertMany([
    { id: 1, title: 'letter', authorId: 'ann', folderId: 5 },
    { id: 2, title: 'letter', authorId: 'bo', folderId: 5 },
    { id: 3, title: 'treaty', authorId: 'bo', folderId: null },
  ])
  return app
}

const read = async (app: TestApp, path: string, init?: RequestInit): Promise<unknown> =>
  (await app.request(path, init)).json()

describe('A policy that filters', () => {
  it('shows every caller the rows of his own, however they are read', async () => {
    await using app = await boot()

    expect(await read(app.as(ANN), '/papers')).toMatchObject([{ id: 1, folder: null }])
    expect(await read(app.as(OLE), '/papers')).toMatchObject([{ id: 1, folder: { id: 5 } }, { id: 2 }])
    expect(await read(app.as(CLERK), '/papers/count')).toBe(3)
    expect(await read(app.as(ANN), '/papers/count')).toBe(1)
    expect(await read(app, '/papers/lobby')).toEqual([])
  })

  it('keeps writes to the rows that may be written', async () => {
    await using app = await boot()

    expect(await read(app.as(OLE), '/papers/title', { method: 'PATCH' })).toBe(0)
    expect(await read(app.as(ANN), '/papers/title', { method: 'PATCH' })).toBe(1)
    expect(await read(app.as(ANN), '/papers/1', { method: 'DELETE' })).toBe(0)
    expect(await read(app.as(CLERK), '/papers/3', { method: 'DELETE' })).toBe(0)
    expect(await read(app.as(CLERK), '/papers', { method: 'DELETE' })).toBe(2)
  })

  it('is left out by name, and does not hold where nobody calls', async () => {
    await using app = await boot()

    expect(await read(app, '/papers/all')).toHaveLength(3)
    expect(await app.get(Papers).count()).toBe(3)
  })

  it('refuses rows to calls that no AccessModule has seen', async () => {
    @Module({
      imports: [DataModule.with({ synchronize: true })],
      controllers: [PapersController],
      providers: [Papers, Folders],
    })
    class WithoutAccess {}
    await using app = await testApp(WithoutAccess).boot()

    expect(await read(app, '/papers/count')).toMatchObject({ status: 500, code: 'ACCESS_MODULE_MISSING' })
  })
})
