/** The desk's database: its schema, its demo data, and what a taken name becomes. */
import { Module } from 'tenon'
import { DataModule } from 'tenon/data'

import { CreateServiceDesk1767225600000 } from './migrations/create-service-desk.ts'
import { DemoSeed } from './seed/demo-seed.ts'
import { UniqueConflicts } from './unique-conflicts.ts'

@Module({
  imports: [DataModule.with({ migrations: [CreateServiceDesk1767225600000] })],
  providers: [DemoSeed, UniqueConflicts],
})
export class DatabaseModule {}
