import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DataModule, Migrations } from 'tenon/data'
import { acrossTenants, runAsTenant, TenancyModule, Tenants } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { Customers, DeskModule, Labels, Ticket, Tickets } from './desk.ts'

async function fill(app: TestApp, tenant: string): Promise<void> {
  await runAsTenant(tenant, async () => {
    const customer = await app.get(Customers).insert({ email: 'ada@example.com' })
    const label = await app.get(Labels).insert({ text: 'label' })
    await app.get(Tickets).save(Object.assign(new Ticket(), { title: `${tenant} 1`, customer, labels: [label] }))
    const { id } = await app.get(Tickets).insert({ title: `${tenant} 2` })
    await app.get(Tickets).softDelete(id)
  })
}

onEveryDatabase('The life of a tenant', (database) => {
  it('goes from the first call to the proof that nothing is left', async () => {
    await using created = await database.create()
    await using app = await testApp(DeskModule, DataModule.with({ url: created.url, synchronize: true })).boot()
    const tenants = app.get(Tenants)
    const ask = async (tenant: string): Promise<number> =>
      (await app.as({ id: 'ada', tenant }).request('/tickets')).status

    const before = await ask('acme')
    await tenants.create({ id: 'acme', name: 'Acme Ltd.', limits: { seats: 5 } })
    await tenants.create({ id: 'globex' })
    for (const tenant of ['acme', 'globex']) await fill(app, tenant)
    const active = await ask('acme')
    const limit = await tenants.runAs('acme', () => tenants.limit('seats'))
    await expect(tenants.create({ id: 'acme' })).rejects.toMatchObject({ code: 'TENANCY_TENANT_EXISTS' })
    await expect(tenants.delete('acme')).rejects.toMatchObject({ code: 'TENANCY_TENANT_ACTIVE' })
    await tenants.suspend('acme')
    const suspended = [await ask('acme'), await ask('globex')]
    await expect(tenants.runAs('acme', () => 1)).rejects.toMatchObject({ code: 'TENANCY_TENANT_SUSPENDED' })
    const { tables } = await tenants.delete('acme')

    expect([before, active, limit, suspended]).toEqual([404, 200, 5, [403, 200]])
    expect(tables.toSorted((one, other) => one.table.localeCompare(other.table))).toEqual([
      { table: 'customer', deleted: 1, left: 0 },
      { table: 'label', deleted: 1, left: 0 },
      { table: 'ticket', deleted: 2, left: 0 },
    ])
    expect(await ask('acme')).toBe(404)
    expect(
      await acrossTenants('what is left', () =>
        app.get(Tickets).find({ withDeleted: true, relations: { labels: true } }),
      ),
    ).toMatchObject([
      { title: 'globex 1', tenantId: 'globex', labels: [{ text: 'label' }] },
      { title: 'globex 2', tenantId: 'globex', labels: [] },
    ])
    expect((await tenants.list()).map(({ id }) => id)).toEqual(['globex'])
  })

  it('fits the table that the module brings', async () => {
    await using created = await database.create()
    await using app = await testApp(TenancyModule, DataModule.with({ url: created.url })).boot()

    expect((await app.get(Migrations).drift()).statements).toEqual([])
  })
})

describe('The commands of tenants', () => {
  it('do the same from the shell', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-tenants-'))
    await using app = await testApp(DeskModule, DataModule.with({ url: 'sqlite::memory:', synchronize: true })).boot()
    const run = async (name: string, id?: string, file?: string, options: object = {}): Promise<string> =>
      (await app.application.run(name, { arguments: { id, file }, options: { ...options } })).text

    const said = [
      await run('tenant:list'),
      await run('tenant:create', 'acme'),
      await fill(app, 'acme').then(() => run('tenant:list')),
      await run('tenant:configure', 'acme', undefined, { limits: '{"seats": 5, "calls": 9}', name: 'Acme Ltd.' }),
      await run('tenant:configure', 'acme', undefined, { limits: '{"calls": null}', settings: '{"colour": "red"}' }),
      await run('tenant:migrate'),
      await run('tenant:export', 'acme', join(folder, 'acme.jsonl')),
      await run('tenant:suspend', 'acme'),
      await run('tenant:list'),
      await run('tenant:resume', 'acme'),
      await run('tenant:suspend', 'acme'),
      await run('tenant:delete', 'acme'),
    ]
    const wrong = (options: object) => run('tenant:configure', 'acme', undefined, options)
    await expect(wrong({ limits: '{"seats": "many"}' })).rejects.toThrow('seats is no number')
    await expect(wrong({ settings: '[]' })).rejects.toThrow('--settings is no JSON object')
    const lines = (await readFile(join(folder, 'acme.jsonl'), 'utf8')).trim().split('\n')
    await rm(folder, { recursive: true })

    expect(said).toMatchObject([
      'There is no tenant yet.',
      'acme is there.',
      'acme  active',
      expect.stringMatching(/"name": "Acme Ltd."[^]*"seats": 5,\s*"calls": 9/),
      expect.stringMatching(/"colour": "red"[^]*"limits": \{\s*"seats": 5\s*\}/),
      '0 migrated, 0 unchanged, 0 failed.',
      expect.stringContaining('4 rows of acme are in'),
      'acme is suspended.',
      'acme  suspended  Acme Ltd.',
      'acme is active.',
      'acme is suspended.',
      expect.stringContaining('ticket: 2 deleted, 0 left'),
    ])
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { table: 'customer', row: { email: 'ada@example.com', tenantId: 'acme' } },
      { table: 'label', row: { text: 'label' } },
      { table: 'ticket', row: { title: 'acme 1', customer: 1, labels: [1] } },
      { table: 'ticket', row: { title: 'acme 2' } },
    ])
  })

  it('refuse a strategy that the database does not have', async () => {
    const boot = testApp(
      DeskModule,
      DataModule.with({ url: 'sqlite::memory:' }),
      TenancyModule.with({ strategy: 'schema' }),
    ).boot()

    await expect(boot).rejects.toMatchObject({ message: expect.stringContaining('schema does not work on') })
  })
})
