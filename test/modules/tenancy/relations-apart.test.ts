import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Module, NoTenant } from 'tenon'
import {
  BaseRepository,
  Column,
  DataModule,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Repository,
  type Relation,
} from 'tenon/data'
import { runAsTenant, TenancyModule, Tenants, TenantScoped } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

@NoTenant('Cities are the same for all.')
@Entity()
class City {
  @PrimaryGeneratedColumn() id!: number
  @Column() name!: string
}

@NoTenant('People work for many.')
@Entity()
class Person {
  @PrimaryGeneratedColumn() id!: number
  @Column() name!: string
  @Column({ type: 'integer' }) cityId!: number
  @ManyToOne(() => City) @JoinColumn({ name: 'cityId' }) city!: Relation<City>
}

@TenantScoped()
@Entity()
class Project {
  @PrimaryGeneratedColumn() id!: number
  @Column() title!: string
  @Column({ type: 'integer', nullable: true }) leadId!: number | null
  @ManyToOne(() => Person) @JoinColumn({ name: 'leadId' }) lead!: Relation<Person> | null
}

@TenantScoped()
@Entity()
class Task {
  @PrimaryGeneratedColumn() id!: number
  @Column() title!: string
  @ManyToOne(() => Project) project!: Relation<Project>
}

@Repository(City)
class Cities extends BaseRepository<City> {}
@Repository(Person)
class People extends BaseRepository<Person> {}
@Repository(Project)
class Projects extends BaseRepository<Project> {}
@Repository(Task)
class Tasks extends BaseRepository<Task> {}

@Module({ imports: [DataModule, TenancyModule], providers: [Cities, People, Projects, Tasks] })
class ProjectsModule {}

const ELSEWHERE = { code: 'DATA_ROWS_ELSEWHERE' }

describe('Relations of rows of tenants to rows of everybody', () => {
  let app: TestApp
  let folder: string
  const acme = <T>(work: () => Promise<T>): Promise<T> => runAsTenant('acme', work)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenon-relations-'))
    app = await testApp(
      ProjectsModule,
      DataModule.with({ url: `sqlite:${join(folder, 'desk.sqlite')}`, synchronize: true }),
      TenancyModule.with({ strategy: 'database' }),
    ).boot()
    for (const id of ['acme', 'globex']) await app.get(Tenants).create({ id })
    const { id: cityId } = await app.get(Cities).insert({ name: 'Lisbon' })
    const { id: ada } = await app.get(People).insert({ name: 'Ada', cityId })
    const { id: bob } = await app.get(People).insert({ name: 'Bob', cityId })
    await acme(async () => {
      for (const [title, leadId] of [
        ['one', ada],
        ['two', bob],
        ['three', null],
      ] as const) {
        const project = await app.get(Projects).insert({ title, leadId })
        await app.get(Tasks).insert({ title: `${title}'s`, project })
      }
    })
  })

  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true })
  })

  it('are read by finds, pages, cursors and queries', async () => {
    const projects = app.get(Projects)
    const relations = { lead: true } as const

    const all = await acme(() => projects.find({ relations, order: { id: 'ASC' } }))
    const one = await acme(() => projects.findOrFail(2, { relations }))
    const page = await acme(() => projects.paginate({ relations, size: 2 }))
    const cursor = await acme(() =>
      projects.query().with(relations).orderBy({ id: 'ASC' }).paginateByCursor({ size: 2 }),
    )

    expect(all.map(({ lead }) => lead?.name)).toEqual(['Ada', 'Bob', undefined])
    expect(all[2]?.lead).toBeNull()
    expect(one).toMatchObject({ title: 'two', lead: { name: 'Bob' } })
    expect(page).toMatchObject({ total: 3, items: [{ lead: { name: 'Ada' } }, { lead: { name: 'Bob' } }] })
    expect(cursor.items).toMatchObject([{ lead: { name: 'Ada' } }, { lead: { name: 'Bob' } }])
  })

  it('are read behind and below other relations, and as far as they are selected', async () => {
    const deep = await acme(() =>
      app.get(Tasks).find({ relations: { project: { lead: { city: true } } }, order: { id: 'ASC' } }),
    )
    const selected = await acme(() =>
      app.get(Projects).findOne({
        where: { id: 1 },
        select: { title: true, lead: { name: true } },
        relations: { lead: true },
      }),
    )
    const projects = app.get(Projects)
    const both = await acme(async () => projects.find({ order: { id: 'ASC' } }))
    const leads = await acme(() => Promise.all(both.map((each) => projects.related(each, 'lead'))))

    expect(deep.map(({ project }) => project.lead?.city.name)).toEqual(['Lisbon', 'Lisbon', undefined])
    expect(selected).toMatchObject({ title: 'one', lead: { name: 'Ada' } })
    expect(selected?.lead).not.toHaveProperty('cityId')
    expect(leads.map((lead) => lead?.name)).toEqual(['Ada', 'Bob', undefined])
  })

  it('are refused where one statement would have to reach both databases', async () => {
    const projects = app.get(Projects)

    await expect(acme(() => projects.find({ where: { lead: { name: 'Ada' } } }))).rejects.toMatchObject(ELSEWHERE)
    await expect(acme(() => projects.find({ order: { lead: { name: 'ASC' } } }))).rejects.toMatchObject(ELSEWHERE)
    await expect(
      acme(() => projects.queryBuilder('p').leftJoinAndSelect('p.lead', 'lead').getMany()),
    ).rejects.toMatchObject(ELSEWHERE)
    expect(await runAsTenant('globex', () => projects.find({ relations: { lead: true } }))).toEqual([])
  })
})
