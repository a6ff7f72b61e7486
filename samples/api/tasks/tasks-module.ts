import { Module } from 'tenon'
import { DataModule } from 'tenon/data'

import { CreateTasks1795246035009 } from './create-tasks.ts'
import { TaskRepository } from './task-repository.ts'
import { TasksController } from './tasks-controller.ts'
import { TasksService } from './tasks-service.ts'

@Module({
  imports: [DataModule],
  controllers: [TasksController],
  providers: [TasksService, TaskRepository],
  migrations: [CreateTasks1795246035009],
})
export class TasksModule {}
