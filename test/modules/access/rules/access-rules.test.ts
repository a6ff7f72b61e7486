import {
  Command,
  Controller,
  Endpoint,
  Get,
  Injectable,
  Module,
  Param,
  StartRefused,
  type Class,
  type Diagnostic,
} from 'tenon'
import {
  AccessInterceptor,
  AccessModule,
  Authenticated,
  Authorize,
  definePolicy,
  permission,
  Public,
  role,
  Roles,
  satisfies,
} from 'tenon/access'
import { Column, Entity, OneToMany, PrimaryColumn, type ValueTransformer } from 'tenon/data'
import { testApp } from 'tenon/testing'
import { UNKNOWN_SITE } from 'tenon/decorators'

const ROLES = { admin: { includes: ['agent'] }, agent: { permissions: ['notes:read'] } } as const

/** What the check says of a program with this controller. */
async function check(controller: Class, providers: readonly Class[] = []): Promise<readonly Diagnostic[]> {
  @Module({ imports: [AccessModule.with({ roles: ROLES })], controllers: [controller], providers: [...providers] })
  class NotesModule {}
  try {
    await using _app = await testApp(NotesModule).boot()
    return []
  } catch (error) {
    if (error instanceof StartRefused) return error.diagnostics.filter(({ severity }) => severity === 'error')
    throw error
  }
}

const codesOf = async (controller: Class, providers?: readonly Class[]): Promise<readonly string[]> =>
  (await check(controller, providers)).map(({ code }) => code)

const reversed: ValueTransformer = { to: (text: string) => text, from: (text: string) => text }

@Entity('access_rule_page')
class Page {
  @PrimaryColumn() readonly id!: number
}

@Entity('access_rule_note')
class Note {
  @PrimaryColumn() readonly id!: number
  @Column() readonly authorId!: string
  @Column({ type: 'decimal' }) readonly price!: number
  @Column({ transformer: reversed }) readonly state!: string
  @OneToMany(() => Page, 'note') readonly pages!: Page
  get isLong(): boolean {
    return this.authorId.length > 3
  }
}

const NotePolicy = definePolicy(Note, (user, note, { allow }) => {
  allow('read').when(note.authorId.equals(user.id))
  allow('judge').when(satisfies<Note>('the note is long', ({ isLong }) => isLong))
  allow('measure').when(note.isLong.equals(true))
  allow('buy').when(note.price.lessThan(5))
  allow('sort').when(note.state.lessThan('b'))
  allow('find').when(note.state.equals('b'))
  allow('turn').when(note.pages.id.equals(1))
})

describe('The check', () => {
  it('refuses an endpoint that does not say who may call it, with its line', async () => {
    @Controller('/notes')
    class NotesController {
      @Get()
      list(): string {
        return ''
      }
    }

    const [found] = await check(NotesController)

    expect(found).toMatchObject({ code: 'ACCESS_DECISION_MISSING' })
    expect(found?.message).toBe('NotesController.list does not say who may call it, so nobody may.')
    expect(found?.at.file).toContain('access-rules.test.js')
  })

  it('takes a decision of the class, and of the module', async () => {
    @Controller('/notes')
    @Authenticated()
    class ByClass {
      @Get()
      list(): string {
        return ''
      }
    }
    @Controller('/notes')
    class ByModule {
      @Get()
      list(): string {
        return ''
      }
    }
    @Module({ controllers: [ByModule] })
    @Roles('admin')
    class RoledModule {}
    @Module({ imports: [AccessModule, RoledModule] })
    class AppModule {}

    expect(await codesOf(ByClass)).toEqual([])
    await using app = await testApp(AppModule).boot()
    expect((await app.as({ id: 'a', roles: ['admin'] }).request('/notes')).status).toBe(200)
    expect((await app.as({ id: 'a' }).request('/notes')).status).toBe(403)
  })

  it('refuses decisions that contradict each other at one place, not at two', async () => {
    @Controller('/notes')
    class Contradictory {
      @Get()
      @Public('for all')
      @Roles('admin')
      list(): string {
        return ''
      }
    }
    @Controller('/notes')
    @Public('for all')
    class Replaced {
      @Get()
      @Roles('admin')
      list(): string {
        return ''
      }
    }

    expect(await codesOf(Contradictory)).toEqual(['ACCESS_DECISIONS_CONTRADICTORY'])
    expect(await codesOf(Replaced)).toEqual([])
  })

  it('refuses roles and permissions that are declared nowhere, and names the nearest', async () => {
    @Controller('/notes')
    class NotesController {
      @Get()
      @Roles('agnet')
      list(): string {
        return ''
      }

      @Get('/all')
      @Authorize(permission('note:read'))
      all(): string {
        return ''
      }
    }

    const found = await check(NotesController)

    expect(found).toMatchObject([
      { code: 'ACCESS_ROLE_UNKNOWN', help: 'Did you mean agent?' },
      { code: 'ACCESS_PERMISSION_UNKNOWN', help: 'Did you mean notes:read?' },
    ])
  })

  it('refuses a hierarchy that includes what is declared nowhere', async () => {
    @Module({
      // @ts-expect-error -- the types refuse it too
      imports: [AccessModule.with({ roles: { admin: { includes: ['agent'] } } })],
    })
    class AppModule {}

    await expect(testApp(AppModule).boot()).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'ACCESS_ROLE_UNKNOWN' })]) as unknown,
    })
  })

  it('refuses actions without a rule, and parameters that are not there', async () => {
    @Controller('/notes')
    class NotesController {
      @Get('/:id')
      @Authorize(NotePolicy, 'raed', { by: 'id' })
      get(@Param('id') id: number): number {
        return id
      }

      @Get('/:id/again')
      @Authorize(NotePolicy, 'read', { by: 'key' })
      again(@Param('id') id: number): number {
        return id
      }
    }

    const found = await check(NotesController)

    expect(found.map(({ code }) => code).toSorted()).toEqual([
      'ACCESS_ACTION_UNKNOWN',
      'ACCESS_RESOURCE_PARAMETER_UNKNOWN',
    ])
    expect(found.find(({ code }) => code === 'ACCESS_ACTION_UNKNOWN')?.help).toBe('Did you mean read?')
  })

  it.each([
    ['judge', '"the note is long" is code'],
    ['measure', 'Note.isLong is no column'],
    ['buy', 'Note.price has a type that is not compared alike in memory and in SQL'],
    ['sort', 'Note.state is kept in another form, which only equals() can see through'],
    ['turn', 'Note.pages.id is a relation; name a column of what it refers to'],
  ])('refuses a list by %s, for %s, at the line of the rule', async (action, why) => {
    @Controller('/notes')
    class NotesController {
      @Get()
      @Authorize(NotePolicy, action)
      list(): string {
        return ''
      }
    }

    const found = await check(NotesController)

    expect(found).toMatchObject([{ code: 'ACCESS_CONDITION_UNTRANSLATABLE' }])
    expect(found[0]?.message).toContain(why)
    expect(found[0]?.at).toMatchObject({
      line: NotePolicy.rules.find(({ actions }) => actions.includes(action))?.at.line,
    })
  })

  it('lets rows be decided on one by one by what no list could be', async () => {
    @Controller('/notes')
    class NotesController {
      @Get('/:id')
      @Authorize(NotePolicy, 'judge', { by: 'id' })
      get(@Param('id') id: number): number {
        return id
      }

      @Get()
      @Authorize(NotePolicy, 'find')
      find(): string {
        return ''
      }
    }

    expect(await codesOf(NotesController)).toEqual([])
  })

  it('needs no decision of a command, and keeps one that is there', async () => {
    @Injectable()
    class Chores {
      @Command('chores:sweep', { description: 'Sweeps' })
      sweep(): string {
        return 'swept'
      }

      @Command('chores:mop', { description: 'Mops' })
      @Roles('admin')
      mop(): string {
        return 'mopped'
      }
    }
    @Module({ imports: [AccessModule], providers: [Chores] })
    class ChoresModule {}
    await using app = await testApp(ChoresModule).boot()

    await expect(app.application.run('chores:sweep')).resolves.toMatchObject({ data: 'swept' })
    await expect(app.application.run('chores:mop')).rejects.toMatchObject({ code: 'ACCESS_REFUSED' })
  })
})

describe('AccessInterceptor', () => {
  it('closes what says nothing, whatever the transport, even where no check has seen it', async () => {
    class Unseen {
      handle(): void {}
    }
    @Module({ imports: [AccessModule] })
    class AppModule {}
    await using app = await testApp(AppModule).boot()
    const interceptor = app.get(AccessInterceptor)

    for (const transport of ['http', 'ws', 'job', 'command']) {
      const endpoint = new Endpoint({
        transport,
        type: Unseen,
        method: 'handle',
        module: undefined,
        at: UNKNOWN_SITE,
        parameters: [],
        returns: undefined,
      })
      const { before } = interceptor.forEndpoint(endpoint)!
      const context = { endpoint, principal: { id: 'ada', roles: ['admin'] } } as never
      expect(() => before!(context)).toThrow(expect.objectContaining({ status: 403 }) as Error)
    }
  })

  it('says in documents what it asks for', async () => {
    @Controller('/notes')
    class NotesController {
      @Get()
      @Roles('agent', 'admin')
      @Authorize(role('agent'))
      list(): string {
        return ''
      }
    }
    @Module({ imports: [AccessModule], controllers: [NotesController] })
    class NotesModule {}
    await using app = await testApp(NotesModule).boot()
    const endpoint = app.application.graph.endpoints.find(({ name }) => name === 'NotesController.list')!

    expect(app.get(AccessInterceptor).describe(endpoint)).toMatchObject({
      does: 'needs a caller who (has the role agent or has the role admin) and has the role agent',
      problems: [{ status: 403, code: 'ACCESS_REFUSED' }],
    })
  })
})
