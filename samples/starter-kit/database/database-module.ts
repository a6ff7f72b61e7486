/** The desk's database: its schema and its demo data. */
import { Module } from 'tenon'
import { DataModule } from 'tenon/data'

import { CreatePeople1767225600000 } from './migrations/create-people.ts'
import { CreateServiceDesk1767225600001 } from './migrations/create-service-desk.ts'
import { DemoDesk } from './seed/demo-desk.ts'
import { FirstStart } from './seed/first-start.ts'

@Module({
  imports: [DataModule.with({ migrations: [CreatePeople1767225600000, CreateServiceDesk1767225600001] })],
  providers: [DemoDesk, FirstStart],
})
export class DatabaseModule {}
