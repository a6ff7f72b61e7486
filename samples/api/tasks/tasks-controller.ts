import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Public, Query, Returns, Throws } from 'tenon'
import { EntityNotFound, RowReferenced, type Page } from 'tenon/data'

import { TaskQuery } from './task-query.ts'
import { CreateTask, UpdateTask } from './task-requests.ts'
import { TaskPage, TaskView } from './task-view.ts'
import { Task } from './task.ts'
import { TasksService } from './tasks-service.ts'

@Controller('/tasks')
@Public('Nobody is known here yet: import AccessModule to decide who may call.')
export class TasksController {
  readonly #tasks: TasksService

  constructor(tasks: TasksService) {
    this.#tasks = tasks
  }

  @Get()
  @Returns(TaskPage)
  list(@Query() query: TaskQuery): Promise<Page<Task>> {
    return this.#tasks.list(query)
  }

  @Post()
  @Returns(TaskView)
  create(@Body() task: CreateTask): Promise<Task> {
    return this.#tasks.create(task)
  }

  @Get('/:id')
  @Returns(TaskView)
  @Throws(EntityNotFound)
  get(@Param('id') id: number): Promise<Task> {
    return this.#tasks.get(id)
  }

  @Patch('/:id')
  @Returns(TaskView)
  @Throws(EntityNotFound)
  update(@Param('id') id: number, @Body() changes: UpdateTask): Promise<Task> {
    return this.#tasks.update(id, changes)
  }

  @Delete('/:id')
  @HttpCode(204)
  @Throws(EntityNotFound, RowReferenced)
  remove(@Param('id') id: number): Promise<void> {
    return this.#tasks.remove(id)
  }
}
