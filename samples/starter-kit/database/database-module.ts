/** The desk's database: its schema and its demo data. */
import { Module } from 'tenon'
import { DataModule } from 'tenon/data'

import { AddTicketVersion1767312000000 } from './migrations/add-ticket-version.ts'
import { CreateServiceDesk1767225600000 } from './migrations/create-service-desk.ts'
import { DemoSeed } from './seed/demo-seed.ts'

@Module({
  imports: [DataModule.with({ migrations: [CreateServiceDesk1767225600000, AddTicketVersion1767312000000] })],
  providers: [DemoSeed],
})
export class DatabaseModule {}
