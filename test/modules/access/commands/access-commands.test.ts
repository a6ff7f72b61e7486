import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  Command,
  Controller,
  Get,
  Injectable,
  Interceptor,
  Module,
  Post,
  Public,
  RequireMfa,
  type CallInterceptor,
  type Next,
  type Principal,
} from 'tenon'
import { Authorize, CallerDirectory, compareMatrices, Roles, type AccessMatrix, type Explanation } from 'tenon/access'
import { REQUIRE_MFA } from 'tenon/decorators'
import { testApp, type TestApp } from 'tenon/testing'

import { DeskModule, fillDesk, TicketPolicy } from '../service-desk.ts'

@Injectable()
class People extends CallerDirectory {
  find(user: string): Principal | undefined {
    return user === 'ada' ? { id: 'ada', roles: ['admin'] } : undefined
  }
}

@Module({ imports: [DeskModule], providers: [{ provide: CallerDirectory, useClass: People }] })
class DeskWithPeople {}

@Injectable()
class Papers {
  @Command('papers:shred', { description: 'Shreds' })
  @Public('Whoever has the key to the room may.')
  shred(): string {
    return 'gone'
  }

  @Command('papers:read', { description: 'Reads' })
  @Roles('admin')
  read(): string {
    return 'secret'
  }
}

@Module({ providers: [Papers] })
class CommandsModule {}

@Controller('/safe')
class SafeController {
  @Get()
  @Roles('admin', 'auditor')
  @RequireMfa()
  look(): string {
    return 'gold'
  }

  @Post()
  @Authorize(TicketPolicy, 'read')
  @RequireMfa({ maxAge: '5m', methods: ['hwk', 'swk'] })
  open(): string {
    return 'opened'
  }

  @Command('safe:drill', { description: 'Drills' })
  @RequireMfa()
  drill(): string {
    return 'open'
  }
}

/** In the place of `tenon/mfa`: who keeps it is not what is asked here. */
@Interceptor({ phase: 'authorize', on: 'all', enforces: [REQUIRE_MFA as never] })
class Doorman implements CallInterceptor {
  intercept(_context: unknown, next: Next): unknown {
    return next()
  }
}

@Module({ imports: [DeskModule], controllers: [SafeController], interceptors: [Doorman] })
class SafeModule {}

async function why(app: TestApp, options: Readonly<Record<string, string>>): Promise<Explanation> {
  const { data } = await app.application.run('access:why', { options })
  return data as Explanation
}

describe('tenon access why', () => {
  it('explains one row to the operator, and what would change the answer', async () => {
    await using app = await testApp(DeskWithPeople).boot()
    await fillDesk(app)

    const refused = await why(app, { user: 'carl', roles: 'customer', endpoint: 'PATCH /tickets/:id', id: '1' })
    const allowed = await why(app, { user: 'carl', roles: 'customer', endpoint: 'PATCH /tickets/:id', id: '3' })
    const known = await why(app, { user: 'ada', endpoint: 'AdminController.secrets' })
    const closed = await why(app, { user: 'ada', endpoint: 'DELETE /tickets/:id', id: '2' })

    expect(refused).toMatchObject({
      allowed: false,
      needs: [expect.stringMatching(/ticket.requesterId must be "carl"|user.roles must include "agent"/)],
    })
    expect(refused.at).toMatch(/service-desk.ts:\d+:\d+/)
    expect(allowed).toMatchObject({ allowed: true })
    expect(known).toMatchObject({ allowed: true, rule: "@Roles('admin') of AdminController.secrets" })
    expect(closed).toMatchObject({
      allowed: false,
      reason: 'closed tickets are kept',
      rule: 'TicketPolicy: deny delete',
    })
  })

  it('names the second factor that is wanted besides, of those whom it lets in', async () => {
    await using app = await testApp(SafeModule).boot()
    const options = { user: 'ada', roles: 'admin', endpoint: 'GET /safe' }

    const allowed = await why(app, options)
    const refused = await why(app, { ...options, roles: 'agent' })
    const { text } = await app.application.run('access:why', { options })

    expect(allowed).toMatchObject({
      allowed: true,
      besides: {
        says: 'has proved a second factor',
        at: expect.stringMatching(/access-commands.test.ts:\d+:\d+$/) as unknown,
      },
    })
    expect(text).toContain('Besides, it wants a caller who has proved a second factor (')
    expect(refused).toMatchObject({ allowed: false })
    expect(refused).not.toHaveProperty('besides')
  })

  it('reaches rows through relations, beneath every filter', async () => {
    await using app = await testApp(DeskWithPeople).boot()
    await fillDesk(app)

    expect(await why(app, { user: 'cleo', endpoint: 'GET /tickets/:id', id: '3' })).toMatchObject({ allowed: true })
    expect(await why(app, { user: 'cleo', endpoint: 'GET /tickets/:id', id: '4' })).toMatchObject({ allowed: false })
  })

  it('names the nearest endpoint', async () => {
    await using app = await testApp(DeskWithPeople).boot()

    await expect(why(app, { endpoint: 'GET /admin/secret' })).rejects.toMatchObject({
      code: 'ACCESS_ENDPOINT_UNKNOWN',
      message: expect.stringContaining('GET /admin/secrets') as unknown,
    })
  })
})

describe('tenon access matrix', () => {
  it('lists every endpoint by every role', async () => {
    await using app = await testApp(DeskModule).boot()

    const { data, text } = await app.application.run('access:matrix')

    const { endpoints } = data as AccessMatrix
    expect(endpoints['GET /admin/secrets']).toEqual({
      nobody: 'no',
      anyone: 'no',
      admin: 'yes',
      agent: 'no',
      customer: 'no',
      auditor: 'no',
      shell: 'no',
    })
    expect(endpoints['GET /admin/status']).toMatchObject({ nobody: 'yes' })
    expect(endpoints['GET /tickets/:id']).toMatchObject({
      nobody: 'no',
      agent: 'yes',
      customer: 'when row.requesterId is user.id or row.project.ownerId is user.id',
    })
    expect(text).toMatch(/^GET \/admin\/secrets +no +no +yes +no/m)
  })

  it('leaves commands to whoever sits at the machine, and those that want a role to nobody', async () => {
    await using app = await testApp(DeskModule, CommandsModule).boot()

    const { data } = await app.application.run('access:matrix')

    const { callers, endpoints } = data as AccessMatrix
    const who = (name: string): readonly string[] => callers.filter((each) => endpoints[name]![each] !== 'no')
    expect(who('tenon access:matrix')).toEqual(['shell'])
    expect(who('tenon papers:shred')).toEqual(['shell'])
    expect(who('tenon papers:read')).toEqual([])
    expect(await app.application.run('papers:shred')).toMatchObject({ text: 'gone' })
    await expect(app.application.run('papers:read')).rejects.toMatchObject({ code: 'ACCESS_REFUSED' })
  })

  it('names the second factor that is wanted of those who may, and of nobody at the machine', async () => {
    await using app = await testApp(SafeModule).boot()

    const { data } = await app.application.run('access:matrix')

    const { endpoints } = data as AccessMatrix
    const passkey = 'has proved a second factor (hwk or swk) in the last 5m'
    expect(endpoints['GET /safe']).toMatchObject({
      nobody: 'no',
      agent: 'no',
      admin: 'when has proved a second factor',
      auditor: 'when has proved a second factor',
    })
    expect(endpoints['POST /safe']).toMatchObject({
      nobody: 'no',
      agent: `when ${passkey}`,
      customer: `when (row.requesterId is user.id or row.project.ownerId is user.id) and ${passkey}`,
    })
    expect(endpoints['tenon safe:drill']).toMatchObject({ admin: 'no', shell: 'yes' })
  })

  it('is compared with one that was saved, and ends with 1 when anything is wider', async () => {
    await using app = await testApp(DeskModule).boot()
    const folder = await mkdtemp(join(tmpdir(), 'tenon-access-'))
    const file = join(folder, 'access.json')
    const { data } = await app.application.run('access:matrix')
    const matrix = data as AccessMatrix
    const save = (cells: Readonly<Record<string, string>>): Promise<void> =>
      writeFile(
        file,
        JSON.stringify({
          ...matrix,
          endpoints: {
            ...matrix.endpoints,
            'GET /admin/secrets': { ...matrix.endpoints['GET /admin/secrets'], ...cells },
          },
        }),
      )
    const diff = (): Promise<object> => app.application.run('access:diff', { arguments: { file } })

    await save({})
    expect(await diff()).toMatchObject({ exitCode: 0, text: 'Nothing has changed.' })
    await save({ admin: 'no' })
    expect(await diff()).toMatchObject({ exitCode: 1, text: 'widened: GET /admin/secrets for admin: no -> yes' })
    await save({ agent: 'yes' })
    expect(await diff()).toMatchObject({ exitCode: 0, text: 'narrowed: GET /admin/secrets for agent: yes -> no' })
    await writeFile(file, '[]')
    await expect(diff()).rejects.toMatchObject({ code: 'ACCESS_MATRIX_UNREADABLE' })
    await rm(folder, { recursive: true })
  })

  it('takes a new endpoint, a new role and another condition for wider', () => {
    const before: AccessMatrix = {
      version: 1,
      callers: ['nobody', 'anyone'],
      endpoints: { a: { nobody: 'no', anyone: 'when x' } },
    }
    const after: AccessMatrix = {
      version: 1,
      callers: ['nobody', 'anyone', 'boss'],
      endpoints: { a: { nobody: 'no', anyone: 'when y', boss: 'yes' }, b: { nobody: 'yes', anyone: 'no', boss: 'no' } },
    }

    expect(compareMatrices(before, after).map(({ endpoint, caller, effect }) => [endpoint, caller, effect])).toEqual([
      ['a', 'anyone', 'changed'],
      ['a', 'boss', 'widened'],
      ['b', 'nobody', 'widened'],
    ])
  })
})
