import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { Module } from 'tenon'
import {
  BaseRepository,
  Column,
  DataModule,
  Entity,
  Index,
  PrimaryGeneratedColumn,
  Repository,
  Unique,
} from 'tenon/data'
import { TenancyModule, TenantScoped } from 'tenon/tenancy'
import { testApp } from 'tenon/testing'

@TenantScoped()
@Entity('unique_members')
@Unique(['tenantId', 'email'])
@Unique(['team', 'seat'])
class Member {
  @PrimaryGeneratedColumn() id!: number
  tenantId!: string
  @Column() email!: string
  @Column() team!: string
  @Column() seat!: number
  @Column({ unique: true }) badge!: string
  @Index({ unique: true }) @Column() phone!: string
  @Index() @Column() name!: string
}

@Repository(Member)
class Members extends BaseRepository<Member> {}

@Module({ imports: [DataModule, TenancyModule], providers: [Members] })
class MembersModule {}

async function warnings(env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  await using app = await testApp(MembersModule)
    .env({ DATABASE_MIGRATE: 'false', ...env })
    .boot()
  const lines = app.logs.at('warn').filter(({ fields }) => fields['code'] === 'TENANCY_UNIQUE_UNSCOPED')
  return lines.map(({ message }) => message.split(':', 1)[0]!)
}

describe('What is unique among all tenants', () => {
  it('is warned of, unless the tenant is part of it', async () => {
    const found = await warnings()

    expect(found.toSorted()).toEqual([
      'badge of Member is unique among all tenants',
      'phone of Member is unique among all tenants',
      'team, seat of Member is unique among all tenants',
    ])
  })

  it('is nobody else’s where each tenant has tables of its own', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'tenon-unique-')), 'desk.sqlite')

    expect(await warnings({ TENANCY_STRATEGY: 'database', DATABASE_URL: `sqlite:${file}` })).toEqual([])

    await rm(dirname(file), { recursive: true })
  })
})
