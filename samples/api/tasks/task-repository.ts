import { BaseRepository, Repository, type Page } from 'tenon/data'

import { TaskQuery } from './task-query.ts'
import { Task } from './task.ts'

@Repository(Task)
export class TaskRepository extends BaseRepository<Task> {
  page({ page, size, sort, ...asked }: TaskQuery): Promise<Page<Task>> {
    const order = { [sort.replace('-', '')]: sort.startsWith('-') ? 'DESC' : 'ASC' }
    const where = {
      ...(asked.isDone !== undefined && { isDone: asked.isDone }),
    }
    return this.paginate({ page, size, where, order })
  }
}
