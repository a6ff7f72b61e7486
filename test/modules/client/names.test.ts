import { Controller, Get, HttpCode, Module, Post, type Class } from 'tenon'
import { ClientModule, printKotlin, printSwift, printTypeScript } from 'tenon/client'
import { Doc, OpenApi, OpenApiModule, type OpenApiDocument } from 'tenon/openapi'
import { testApp } from 'tenon/testing'

import { MadeClient, NODE } from './made-client.ts'

@Controller('/tickets')
class TicketsController {
  @Get()
  @HttpCode(204)
  list(): void {}
}

@Controller({ path: '/admin', tags: ['Admin'] })
class AdminController {
  @Get('/load')
  @HttpCode(204)
  load(): void {}

  @Get('/health')
  @Doc({ operationId: 'isItWell' })
  @HttpCode(204)
  health(): void {}
}

@Controller({ path: '/admin/users', tags: ['Admin'] })
class AdminUsersController {
  @Get()
  @HttpCode(204)
  list(): void {}
}

@Controller({ path: '/roles', tags: ['Admin'] })
class RolesController {
  @Get()
  @HttpCode(204)
  list(): void {}
}

@Controller({ path: '/admin/token', tags: ['Admin'] })
class TokenLoginController {
  @Post()
  @HttpCode(204)
  logIn(): void {}
}

@Controller({ path: '/note', tags: ['Notes'] })
class NoteController {
  @Get()
  @HttpCode(204)
  read(): void {}
}

const ALL = [
  TicketsController,
  AdminController,
  AdminUsersController,
  RolesController,
  TokenLoginController,
  NoteController,
]

function moduleOf(controllers: readonly Class[]): Class {
  @Module({ imports: [ClientModule, OpenApiModule], controllers })
  class NamesModule {}
  return NamesModule
}

async function documentOf(controllers: readonly Class[]): Promise<OpenApiDocument> {
  await using app = await testApp(moduleOf(controllers)).boot()
  return await app.get(OpenApi).document()
}

/** `admin.users.list` and so on. */
function namesIn(group: object, path: readonly string[] = []): readonly string[] {
  return Object.entries(group).flatMap(([name, each]: [string, unknown]) =>
    typeof each === 'function' ? [[...path, name].join('.')] : namesIn(each as object, [...path, name]),
  )
}

async function namesOf(controllers: readonly Class[]): Promise<readonly string[]> {
  await using app = await testApp(moduleOf(controllers)).boot()
  await using made = await MadeClient.of(app)
  const { createClient } = await made.load<{ createClient(options: object): object }>()
  return namesIn(createClient({ baseUrl: 'http://localhost' }))
}

describe('What clients call operations', () => {
  it('are the tag, what the controller says beyond it, and the method', async () => {
    expect([...(await namesOf(ALL))].toSorted()).toEqual([
      'admin.isItWell',
      'admin.load',
      'admin.roles.list',
      'admin.tokenLogin',
      'admin.users.list',
      'notes.read',
      'tickets.list',
    ])
  })

  it('depend on no other operation', async () => {
    const alone = await Promise.all(ALL.map((controller) => namesOf([controller])))

    expect(alone.flat().toSorted()).toEqual([...(await namesOf(ALL))].toSorted())
  })

  it('are typed as they are called', async () => {
    await using app = await testApp(moduleOf(ALL)).boot()
    await using made = await MadeClient.of(app)
    const uses = `
      import { createClient } from './api.ts'
      const client = createClient({ baseUrl: 'http://localhost' })
      export const used: readonly Promise<void>[] = [client.admin.users.list(), client.admin.tokenLogin(), client.tickets.list()]
      // @ts-expect-error: It stands within the group of its controller.
      client.admin.usersList
    `

    expect(await made.complaints(NODE, uses)).toBe('')
  })

  it('are the same in Kotlin and in Swift', async () => {
    const document = await documentOf(ALL)
    const [kotlin, swift] = [await printKotlin(document), await printSwift(document)]

    expect(kotlin).toContain('class AdminApi(private val client: ApiClient) {\n  val users = AdminUsersApi(client)')
    expect(kotlin).toMatch(/class AdminUsersApi\(private val client: ApiClient\) \{[^}]*suspend fun list\(/)
    expect(swift).toContain('public var users: AdminUsersApi { AdminUsersApi(client: client) }')
    expect(swift).toMatch(/public struct AdminUsersApi: Sendable \{[^}]*public func list\(/)
  })

  it.each([
    ['an operation', 'list', 'tickets.list'],
    ['a group', 'users', 'admin.users'],
  ])('are refused where one would stand for %s and for something else', async (_what, operationId, name) => {
    const tags = [name === 'tickets.list' ? 'Tickets' : 'Admin']
    @Controller({ path: '/other', tags })
    class OtherController {
      @Get()
      @Doc({ operationId })
      @HttpCode(204)
      list(): void {}
    }
    const document = await documentOf([...ALL, OtherController])

    for (const print of [printTypeScript, printKotlin, printSwift]) {
      await expect(print(document)).rejects.toMatchObject({
        code: 'CLIENT_NAME_TAKEN',
        message: expect.stringMatching(new RegExp(String.raw`client\.${name} would stand for both .*GET /other\b`)),
      })
    }
  })
})
