/** An API over one database: each feature is a folder with a module of its own. */
import { Module } from 'tenon'
import { DataModule } from 'tenon/data'
import { ObservabilityModule } from 'tenon/observability'
import { OpenApiModule } from 'tenon/openapi'
import { TasksModule } from './tasks/tasks-module.ts'

@Module({
  imports: [ObservabilityModule, OpenApiModule, DataModule, TasksModule],
})
export class AppModule {}
