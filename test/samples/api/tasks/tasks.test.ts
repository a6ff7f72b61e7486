import { UnitOfWork } from 'tenon/data'
import { testApp } from 'tenon/testing'

import { AppModule } from '../../../../samples/api/app-module.ts'
import { tasks } from '../../../../samples/api/tasks/task-factory.ts'
import type { TaskView } from '../../../../samples/api/tasks/task-view.ts'

describe('/tasks', () => {
  it('creates a task and answers it', async () => {
    await using app = await testApp(AppModule).boot()
    const values = requestFor()

    const created = await app.request('/tasks', { json: values })

    expect(created.status).toBe(201)
    const task = (await created.json()) as TaskView
    expect(task).toMatchObject(asJson(values))
    const read = await app.request(`/tasks/${task.id}`)
    expect(await read.json()).toEqual(task)
  })

  it('lists a page at a time', async () => {
    await using app = await testApp(AppModule).boot()
    await tasks.createMany(app.get(UnitOfWork).manager, 3)

    const response = await app.request('/tasks?size=2&sort=-id')

    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ page: 1, size: 2, total: 3, pages: 2 })
  })

  it('changes what is sent and leaves the rest', async () => {
    await using app = await testApp(AppModule).boot()
    const { id } = await tasks.create(app.get(UnitOfWork).manager)
    const values = requestFor()

    const changed = await app.request(`/tasks/${id}`, { method: 'PATCH', json: values })
    const unchanged = await app.request(`/tasks/${id}`, { method: 'PATCH', json: {} })

    expect(changed.status).toBe(200)
    expect(await unchanged.json()).toMatchObject(asJson(values))
  })

  it('removes one, and then there is none', async () => {
    await using app = await testApp(AppModule).boot()
    const { id } = await tasks.create(app.get(UnitOfWork).manager)

    const removed = await app.request(`/tasks/${id}`, { method: 'DELETE' })
    const missing = await app.request(`/tasks/${id}`)

    expect([removed.status, missing.status]).toEqual([204, 404])
  })

  it('refuses fields that it does not know', async () => {
    await using app = await testApp(AppModule).boot()

    const response = await app.request('/tasks', { json: { surprise: true } })

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'VALIDATION_FAILED' })
  })
})

/** What a caller may send. */
function requestFor() {
  const { title, dueOn, isDone } = tasks.make()
  return { title, dueOn, isDone }
}

/** As it arrives: moments are text. */
function asJson(values: object): object {
  return JSON.parse(JSON.stringify(values)) as object
}
