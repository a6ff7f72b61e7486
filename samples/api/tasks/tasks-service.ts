/** Tasks are listed, created, changed and removed. */
import { Clock, Service } from 'tenon'
import { EntityNotFound, Transactional, type Page } from 'tenon/data'

import { TaskQuery } from './task-query.ts'
import { TaskRepository } from './task-repository.ts'
import { CreateTask, UpdateTask } from './task-requests.ts'
import { Task } from './task.ts'

@Service()
export class TasksService {
  readonly #tasks: TaskRepository
  readonly #clock: Clock

  constructor(tasks: TaskRepository, clock: Clock) {
    this.#tasks = tasks
    this.#clock = clock
  }

  list(query: TaskQuery): Promise<Page<Task>> {
    return this.#tasks.page(query)
  }

  /** @throws `DATA_ENTITY_NOT_FOUND` */
  get(id: number): Promise<Task> {
    return this.#tasks.findOrFail(id)
  }

  @Transactional()
  async create(request: CreateTask): Promise<Task> {
    const now = this.#clock.now()
    const { id } = await this.#tasks.insert({ ...request, createdAt: now, updatedAt: now })
    return this.#tasks.findOrFail(id)
  }

  /** @throws `DATA_ENTITY_NOT_FOUND` */
  @Transactional()
  async update(id: number, changes: UpdateTask): Promise<Task> {
    await this.#tasks.update(id, { ...changes, updatedAt: this.#clock.now() })
    return this.#tasks.findOrFail(id)
  }

  /** @throws `DATA_ENTITY_NOT_FOUND`, `DATA_ROW_REFERENCED` */
  async remove(id: number): Promise<void> {
    if ((await this.#tasks.delete(id)) === 0) throw new EntityNotFound('Task', String(id))
  }
}
