import { DataModule } from 'tenon/data'
import { proveTenancy, TenancyModule } from 'tenon/tenancy'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { ApartDeskModule } from './apart-desk.ts'
import { DESK_MIGRATIONS } from './desk-migrations.ts'
import { DeskModule } from './desk.ts'
import { createOrdinaryDatabase, onPostgres } from './ordinary-user.ts'

const suite = await onPostgres('The proof over schemas')

suite(() => {
  it('finds nothing, and has tried everything', async () => {
    await using created = await createOrdinaryDatabase()

    const proof = await proveTenancy([
      DeskModule,
      DataModule.with({
        url: created.url,
        migrations: [...DESK_MIGRATIONS],
      }),
      TenancyModule.with({ strategy: 'schema' }),
    ])

    expect(proof.findings).toEqual([])
    expect(proof.unproved.map(({ where }) => where)).toEqual(['GET /tickets/sums/all'])
    expect(proof.proved).toEqual(expect.arrayContaining(['GET /tickets', 'PATCH /tickets/:id', 'Ticket.update']))
    expect(proof.attacks).toBeGreaterThan(200)
  })
})

onEveryDatabase('The proof over databases', (database) => {
  // The starter kit is proved on the servers.
  if (database.name === 'SQLite in memory' || (!process.env['FULL'] && database.kind !== 'sqlite')) return

  it('finds nothing, and has tried everything', async () => {
    await using created = await database.create()
    const data = DataModule.with({ url: created.url, synchronize: true })
    const tenancy = TenancyModule.with({ strategy: 'database' })

    const proof = await proveTenancy([ApartDeskModule, data, tenancy])

    expect(proof.findings).toEqual([])
    expect(proof.unproved.map(({ where }) => where)).toEqual(['POST /tickets/fail'])
    expect(proof.proved).toEqual(expect.arrayContaining(['GET /tickets', 'PATCH /tickets/:id', 'Ticket.update']))
    expect(proof.attacks).toBeGreaterThan(200)
  })
})
