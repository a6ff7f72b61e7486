import { expectTypeOf } from 'expect-type'
import {
  Body,
  Controller,
  Ctx,
  Get,
  Injectable,
  Module,
  Param,
  Post,
  Public,
  Returns,
  Sse,
  type CallContext,
  type Principal,
} from 'tenon'
import {
  Access,
  AccessModule,
  allOf,
  anyOf,
  Authenticated,
  Authorize,
  definePolicy,
  known,
  not,
  permission,
  role,
  RoleBook,
  Roles,
  satisfies,
  type AccessCondition,
} from 'tenon/access'
import { AuthenticationScheme, AuthModule } from 'tenon/auth'
import { testApp } from 'tenon/testing'
import { Expose, IsOptional, IsString, Type } from 'tenon/validation'

import { ABE, ADA, CLEO, DeskModule, fillDesk, Ticket, Tickets } from './service-desk.ts'

/** Kept in no database. */
class Sheet {
  id = 1
  ownerId = 'ann'
  title = 'Plan'
  secret: string | null = 'gold'
  next: Sheet | null = null
  readonly pages: number = 3

  constructor(parts: Partial<Sheet> = {}) {
    Object.assign(this, parts)
  }
}

const SheetPolicy = definePolicy(Sheet, (user, sheet, { allow, deny }) => {
  allow('read', 'update', 'create').when(sheet.ownerId.equals(user.id))
  allow('read').when(role('reader'))
  allow('copy').when(satisfies<Sheet>('it is short', ({ pages }) => pages < 5))
  deny('read', 'create').fields('secret').unless(role('keeper'))
})

class SheetView {
  @Expose() readonly id!: number
  @Expose() readonly title!: string
  @Expose() readonly secret?: string
  @Expose() @Type(() => SheetView) readonly next?: SheetView
}

@Injectable()
class SheetLoader {
  load({ args }: CallContext): Sheet | undefined {
    return args[0] === 1 ? new Sheet() : undefined
  }
}

class NewSheet {
  @IsOptional() @IsString() title?: string
  @IsOptional() @IsString() secret?: string
}

@Controller('/sheets')
@Public('a shelf')
class SheetsController {
  @Get('/nested')
  @Roles('reader')
  nested(): object {
    return { items: [new Sheet({ next: new Sheet({ id: 2 }) })], set: new Map([['a', new Sheet({ id: 3 })]]), n: 1 }
  }

  @Get('/viewed')
  @Returns(SheetView)
  @Roles('reader')
  viewed(): Sheet {
    return new Sheet({ next: new Sheet({ id: 2 }) })
  }

  @Sse('/stream')
  @Roles('reader')
  async *stream(): AsyncGenerator<object> {
    yield { data: new Sheet() }
  }

  @Get('/:id')
  @Authorize(SheetPolicy, 'read', { load: SheetLoader })
  get(@Param('id') _id: number, @Ctx() _context: CallContext): Sheet {
    return new Sheet()
  }

  @Post()
  @Authorize(SheetPolicy, 'create')
  create(@Body() sheet: NewSheet): object {
    return { ...sheet }
  }
}

@Module({
  imports: [
    AccessModule.with({ roles: { keeper: { includes: ['reader'], permissions: ['access:explain'] }, reader: {} } }),
  ],
  controllers: [SheetsController],
  providers: [SheetLoader],
})
class SheetsModule {}

const ANN: Principal = { id: 'ann' }
const READER: Principal = { id: 'ron', roles: ['reader'] }
const KEEPER: Principal = { id: 'kim', roles: ['keeper'] }

describe('Access', () => {
  it('decides on objects that are in no database', async () => {
    await using app = await testApp(SheetsModule).boot()
    const access = app.get(Access)

    expect(await access.can('read', new Sheet(), { caller: ANN })).toBe(true)
    expect(await access.can('read', new Sheet({ ownerId: 'bo' }), { caller: ANN })).toBe(false)
    expect(await access.can('copy', new Sheet(), { caller: ANN })).toBe(true)
    expect(await access.can('read', Sheet, { caller: ANN })).toBe(true)
    expect(await access.can('burn', Sheet, { caller: ANN })).toBe(false)
    expect(await access.can('read', new Sheet(), { caller: READER, field: 'secret' })).toBe(false)
    expect(await access.can('read', new Sheet(), { caller: KEEPER, field: 'secret' })).toBe(true)
    await expect(access.require('update', new Sheet(), { caller: READER })).rejects.toMatchObject({ status: 403 })
    await expect(access.require('update', new Sheet(), { caller: ANN })).resolves.toBeUndefined()
    expect(() => access.visible(Sheet, 'read', { caller: ANN })).toThrow(
      'Rows of Sheet can be neither loaded nor filtered',
    )
    await expect(access.can('read', new Date())).rejects.toMatchObject({ code: 'ACCESS_POLICY_MISSING' })
  })

  it('explains, with facts that would change the answer', async () => {
    await using app = await testApp(SheetsModule).boot()
    const access = app.get(Access)

    expect(await access.explain('update', new Sheet(), { caller: READER })).toMatchObject({
      allowed: false,
      asked: 'update Sheet',
      rule: 'SheetPolicy: allow update',
      needs: ['sheet.ownerId must be "ron"'],
      facts: [{ of: 'row', path: ['ownerId'], must: 'be', value: 'ron' }],
    })
    expect(await access.explain('copy', new Sheet({ pages: 9 }), { caller: READER })).toMatchObject({
      needs: [],
      allowed: false,
    })
    expect(await access.explain('burn', new Sheet(), { caller: READER })).toMatchObject({ needs: [], allowed: false })
    expect(await access.explain('read', new Sheet(), { caller: ANN })).toMatchObject({
      allowed: true,
      rule: 'SheetPolicy: allow read',
    })
  })

  it('masks what is nested, in maps and in events', async () => {
    await using app = await testApp(SheetsModule).boot()

    const nested = await (await app.as(READER).request('/sheets/nested')).text()
    const open = await (await app.as(KEEPER).request('/sheets/nested')).text()
    const viewed = await (await app.as(READER).request('/sheets/viewed')).json()
    const events = await (await app.as(READER).request('/sheets/stream')).text()

    expect(JSON.parse(nested)).toMatchObject({ items: [{ id: 1, next: { id: 2, title: 'Plan' } }], n: 1 })
    expect(viewed).toEqual({ id: 1, title: 'Plan', next: { id: 2, title: 'Plan', next: null } })
    expect(nested).not.toContain('gold')
    expect(open.match(/gold/g)).toHaveLength(2)
    expect(events).toContain('Plan')
    expect(events).not.toContain('gold')
  })

  it('finds rows by a loader of the application', async () => {
    await using app = await testApp(SheetsModule).boot()
    const statusOf = async (path: string, caller: Principal): Promise<number> =>
      (await app.as(caller).request(path)).status

    expect(await statusOf('/sheets/1', ANN)).toBe(200)
    expect(await statusOf('/sheets/1', { id: 'bo' })).toBe(404)
    expect(await statusOf('/sheets/2', ANN)).toBe(404)
  })

  it('refuses fields of what is created', async () => {
    await using app = await testApp(SheetsModule).boot()
    const create = (json: object): Promise<Response> => app.as(ANN).request('/sheets', { method: 'POST', json })

    expect((await create({ title: 'a' })).status).toBe(201)
    expect(await (await create({ title: 'a', secret: 'b' })).json()).toMatchObject({
      errors: [{ pointer: '/secret' }],
    })
  })

  it('explains to callers who have the permission', async () => {
    await using app = await testApp(SheetsModule).boot()

    const open = await app.as({ ...KEEPER, scopes: ['access:explain'] }).request('/sheets/nested')
    const closed = await app.as({ ...READER, roles: [] }).request('/sheets/nested')

    expect(await open.json()).toMatchObject({
      explanation: { reason: 'the credential is limited to scopes, and the endpoint names none' },
    })
    expect(await closed.json()).not.toHaveProperty('explanation')
  })

  it('reads what a decision needs and the row at hand does not hold', async () => {
    await using app = await testApp(DeskModule).boot()
    await fillDesk(app)
    const access = app.get(Access)
    const bare = await app.get(Tickets).findOneBy({ id: 3 })
    const partial = await app.get(Tickets).findOne({ where: { id: 1 }, select: { id: true } })
    const unsaved = Object.assign(new Ticket(), { requesterId: 'x', projectId: 7 })

    expect(bare?.project).toBeUndefined()
    expect(await access.can('read', bare!, { caller: CLEO })).toBe(true)
    expect(await access.can('read', partial!, { caller: CLEO })).toBe(true)
    expect(await access.can('read', unsaved, { caller: CLEO })).toBe(true)
    expect(await access.can('read', unsaved, { caller: { id: 'nobody' } })).toBe(false)
    expect(await access.mask(bare!, { caller: CLEO })).not.toHaveProperty('internalNotes')
    expect(await access.mask(bare!, { caller: ABE })).toBe(bare)
  })
})

describe('definePolicy', () => {
  it('refuses a second policy of an entity, and values that equal nothing', () => {
    class Twice {
      readonly name: string = ''
    }
    definePolicy(Twice, () => {})
    class Odd {
      readonly count: number = 1
    }

    expect(() => definePolicy(Twice, () => {})).toThrow('Twice has a policy already')
    expect(() =>
      definePolicy(Odd, (_user, odd, { allow }) => void allow('read').when(odd.count.equals(Number.NaN))),
    ).toThrow('NaN')
    expect(() =>
      definePolicy(
        Odd,
        (_user, odd, { allow }) => void allow('read').when(odd.count.equals(null as unknown as number)),
      ),
    ).toThrow('null')
  })

  it('knows the types of fields', () => {
    class Typed {
      readonly id: number = 1
      readonly in: string = ''
      readonly owner: { readonly name: string; readonly since: Date | null } | null = null
      greet(): void {}
    }

    const write = (): unknown =>
      definePolicy(Typed, (user, typed, { allow }) => {
        expectTypeOf(typed.in.in(['a'])).toEqualTypeOf<AccessCondition<'row'>>()
        expectTypeOf(user.id.equals('a')).toEqualTypeOf<AccessCondition<'caller'>>()
        allow('read').when(typed.owner.since.lessThan(new Date()), typed.owner.name.in(user.teams))
        // @ts-expect-error -- a number is no text
        typed.id.equals('1')
        // @ts-expect-error -- no such field
        void typed.greet
        // @ts-expect-error -- a field of the other type
        typed.id.equals(user.id)
        // @ts-expect-error -- no such field
        allow('read').fields('nothing')
        // @ts-expect-error -- a condition on a row is no requirement
        Authorize(typed.id.equals(1))
      })

    expect(write).not.toThrow()
  })

  it('cannot filter by code, and says so when it is asked to', async () => {
    await using app = await testApp(DeskModule).boot()
    class Coded extends Ticket {}
    definePolicy(Coded, (_user, _row, { allow }) => void allow('read').when(satisfies('it rains', () => true)))
    const access = app.get(Access)
    const metadata = access.rowDatabase.requireMetadata(Ticket)

    expect(() => access.criteria(access.policyFor(Coded), 'read', metadata, ADA)).toThrow(
      'The rule CodedPolicy: allow read cannot filter rows in the database: "it rains" is code.',
    )
  })
})

describe('Requirements', () => {
  const book = new RoleBook({ a: { includes: ['b'] }, b: { includes: ['a'], permissions: ['x'] }, c: {} })

  it('follow roles that include each other', () => {
    expect(book.hasRole({ id: '', roles: ['a'] }, 'b')).toBe(true)
    expect(book.hasRole({ id: '', roles: ['b'] }, 'a')).toBe(true)
    expect(book.hasPermission({ id: '', roles: ['a'] }, 'x')).toBe(true)
    expect(book.hasPermission({ id: '', roles: ['c'] }, 'x')).toBe(false)
  })

  it('are put together, and never help whom nobody knows', async () => {
    @Controller('/doors')
    class DoorsController {
      @Get('/a')
      @Authorize(anyOf(role('b'), allOf(role('c'), not(permission('x')))))
      a(): string {
        return 'a'
      }

      @Get('/b')
      @Authorize(not(role('c')))
      b(): string {
        return 'b'
      }

      @Get('/c')
      @Authorize(known('badge'))
      c(): string {
        return 'c'
      }
    }
    @Module({
      imports: [AccessModule.with({ roles: { b: { permissions: ['x'] }, c: {} } })],
      controllers: [DoorsController],
    })
    class DoorsModule {}
    await using app = await testApp(DoorsModule).boot()
    const statusOf = async (path: string, caller?: Principal): Promise<number> =>
      (await (caller ? app.as(caller) : app).request(path)).status
    const badge = { scheme: 'badge', factors: [] }

    expect(await statusOf('/doors/a', { id: '', roles: ['b'] })).toBe(200)
    expect(await statusOf('/doors/a', { id: '', roles: ['c'] })).toBe(200)
    expect(await statusOf('/doors/a', { id: '' })).toBe(403)
    expect(await statusOf('/doors/b', { id: '', roles: [] })).toBe(200)
    expect(await statusOf('/doors/b', { id: '', roles: ['c'] })).toBe(403)
    expect(await statusOf('/doors/b')).toBe(403)
    expect(await statusOf('/doors/c', { id: '', authentication: badge })).toBe(200)
    expect(await statusOf('/doors/c', { id: '', authentication: { ...badge, scheme: 'key' } })).toBe(403)
  })
})

describe('AccessModule with AuthModule', () => {
  @Injectable()
  class BadgeScheme extends AuthenticationScheme {
    readonly name = 'badge'
    readonly document = { type: 'apiKey', in: 'header', name: 'x-badge' }
    readonly challenge = 'Badge'

    authenticate(context: CallContext): Principal | undefined {
      const id = context.header('x-badge')
      return id === undefined ? undefined : { id, roles: [id] }
    }
  }

  @Controller('/lobby')
  @Public('a lobby')
  class LobbyController {
    @Get()
    open(): string {
      return 'open'
    }

    @Get('/safe')
    @Roles('guard')
    safe(): string {
      return 'safe'
    }

    @Get('/desk')
    @Authenticated()
    desk(): string {
      return 'desk'
    }
  }

  @Module({
    imports: [AuthModule, AccessModule],
    controllers: [LobbyController],
    providers: [{ provide: AuthenticationScheme, useClass: BadgeScheme }],
  })
  class LobbyModule {}

  it('asks who calls where a method replaces the @Public of its class', async () => {
    await using app = await testApp(LobbyModule).boot()
    const statusOf = async (path: string, badge?: string): Promise<number> =>
      (await app.request(path, badge === undefined ? {} : { headers: { 'x-badge': badge } })).status

    expect(await statusOf('/lobby')).toBe(200)
    expect(await statusOf('/lobby/safe')).toBe(401)
    expect(await statusOf('/lobby/safe', 'cook')).toBe(403)
    expect(await statusOf('/lobby/safe', 'guard')).toBe(200)
    expect(await statusOf('/lobby/desk')).toBe(401)
    expect(await statusOf('/lobby/desk', 'cook')).toBe(200)
  })
})
