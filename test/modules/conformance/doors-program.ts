/** One desk behind every kind of endpoint: each kind has the same things to ask for, protected by the same words. */
import {
  Command,
  Controller,
  Ctx,
  ctx,
  Get,
  LogControl,
  Module,
  NoTenant,
  Post,
  Public,
  Query,
  Roles,
  Service,
  Sse,
  Transactional,
  UploadedFile,
  Use,
  type CallContext,
  type Next,
} from 'tenon'
import { AccessModule, Authenticated } from 'tenon/access'
import { TokensModule } from 'tenon/auth'
import { BaseRepository, Column, DataModule, Entity, PrimaryGeneratedColumn, Repository } from 'tenon/data'
import { Counted, ObservabilityModule, Traced } from 'tenon/observability'
import { RateLimit, SecurityModule } from 'tenon/security'
import { TenancyModule, TenantDirectory, TenantScoped, type TenantRecord } from 'tenon/tenancy'
import { IsInt, Max } from 'tenon/validation'
import { Version, VersioningModule } from 'tenon/versioning'

@NoTenant('Seen by all.')
@Entity()
class Mark {
  @PrimaryGeneratedColumn() id!: number
  @Column() text!: string
}

@TenantScoped()
@Entity()
class Note {
  @PrimaryGeneratedColumn() id!: number
  @Column() text!: string
}

@Repository(Mark)
export class Marks extends BaseRepository<Mark> {}

@Repository(Note)
export class Notes extends BaseRepository<Note> {}

class Sized {
  @IsInt() @Max(10) size!: number
}

class Failing {
  @IsInt() @Max(1) fails!: number
}

/** A function, so that it can stand above the method of a service as well. */
function marking(context: CallContext, next: Next): unknown {
  context.log.info('passed')
  return next()
}

@Service()
export class Desk {
  constructor(
    private readonly control: LogControl,
    private readonly marks: Marks,
    private readonly notes: Notes,
  ) {}

  log(): string {
    const call = ctx()
    call.log.info('handled', this.control.ambientFields())
    return call.endpoint.name
  }

  async texts(): Promise<readonly string[]> {
    return (await this.notes.find({ order: { id: 'ASC' } })).map(({ text }) => text)
  }

  async write({ fails }: Failing): Promise<string> {
    await this.marks.insert({ text: 'written' })
    if (fails > 0) throw new Error('after the row was written')
    return 'written'
  }
}

/** Methods of a provider, which are no entry from outside. */
@Service()
export class Methods {
  constructor(private readonly desk: Desk) {}

  @Traced('methods.free')
  @Counted('methods.free')
  @Use(marking)
  async free(): Promise<string> {
    return this.desk.log()
  }

  @Transactional()
  async whole(failing: Failing): Promise<string> {
    return this.desk.write(failing)
  }

  async loose(failing: Failing): Promise<string> {
    return this.desk.write(failing)
  }
}

const ONE_A_DAY = { limit: 1, window: '1d', by: 'user' } as const

/**
 * The desk over HTTP.
 * @param route - The decorator of its routes.
 * @param given - What the first parameter is.
 * @param answer - How results are answered.
 */
function controllerOf(
  path: string,
  route: (path: string) => MethodDecorator,
  given: ParameterDecorator,
  answer: (work: () => unknown) => unknown,
) {
  @NoTenant('Only what is owned is.')
  @Controller(path)
  class Door {
    constructor(private readonly desk: Desk) {}

    @Public('The control.')
    @route('/free')
    async free(@given _given: unknown): Promise<unknown> {
      const name = this.desk.log()
      return answer(() => name)
    }

    @RateLimit(ONE_A_DAY)
    @Authenticated()
    @route('/limited')
    async limited(@given _given: unknown): Promise<unknown> {
      return answer(() => 'limited')
    }

    @Authenticated()
    @route('/known')
    async known(@given _given: unknown): Promise<unknown> {
      return answer(() => ctx().principal?.id)
    }

    @Roles('clerk')
    @route('/clerks')
    async clerks(@given _given: unknown): Promise<unknown> {
      return answer(() => 'clerks')
    }

    @TenantScoped()
    @Authenticated()
    @route('/owned')
    async owned(@given _given: unknown): Promise<unknown> {
      return answer(() => this.desk.texts())
    }

    @Version('1')
    @Public('The first.')
    @route('/versioned')
    async first(@given _given: unknown): Promise<unknown> {
      return answer(() => 'first')
    }

    @Version('2')
    @Public('The second.')
    @route('/versioned')
    async second(@given _given: unknown): Promise<unknown> {
      return answer(() => 'second')
    }

    @Public('Sizes are checked.')
    @route('/checked')
    async checked(@given _given: unknown, @Query() { size }: Sized): Promise<unknown> {
      return answer(() => size)
    }

    @Transactional()
    @Public('All or nothing.')
    @route('/whole')
    async whole(@given _given: unknown, @Query() failing: Failing): Promise<unknown> {
      const written = await this.desk.write(failing)
      return answer(() => written)
    }

    @Public('The control.')
    @route('/loose')
    async loose(@given _given: unknown, @Query() failing: Failing): Promise<unknown> {
      const written = await this.desk.write(failing)
      return answer(() => written)
    }
  }
  return Door
}

async function* eventOf(work: () => unknown): AsyncIterable<unknown> {
  yield { data: JSON.stringify(await work()) }
}

const file = UploadedFile('file', { maxBytes: 1000 })
const asEvents = (work: () => unknown): unknown => eventOf(work)
const asJson = (work: () => unknown): unknown => work()

const PlainDoor = controllerOf('/plain', (path) => Get(path), Ctx(), asJson)
const EventsDoor = controllerOf('/events', (path) => Sse(path), Ctx(), asEvents)
const UploadDoor = controllerOf('/upload', (path) => Post(path, { status: 200 }), file, asJson)

@Service()
class Commands {
  constructor(private readonly desk: Desk) {}

  @Command('door:free', { description: 'The control' })
  free(): unknown {
    return this.desk.log()
  }

  @RateLimit(ONE_A_DAY)
  @Command('door:limited', { description: 'Once a day' })
  limited(): string {
    return 'limited'
  }

  @Roles('clerk')
  @Command('door:clerks', { description: 'For clerks' })
  clerks(): string {
    return 'clerks'
  }

  @TenantScoped()
  @Command('door:owned', { description: 'The notes of a tenant' })
  owned(@Query('tenant') _tenant?: string): Promise<readonly string[]> {
    return this.desk.texts()
  }

  @Command('door:checked', { description: 'A size' })
  checked(@Query() { size }: Sized): number {
    return size
  }

  @Transactional()
  @Command('door:whole', { description: 'All or nothing' })
  whole(@Query() failing: Failing): Promise<string> {
    return this.desk.write(failing)
  }

  @Command('door:loose', { description: 'The control' })
  loose(@Query() failing: Failing): Promise<string> {
    return this.desk.write(failing)
  }
}

class AnyTenant extends TenantDirectory {
  async find(id: string): Promise<TenantRecord> {
    return { id, name: id, state: 'active', settings: {}, limits: {} }
  }
}

@Module({
  imports: [
    DataModule.with({ url: 'sqlite::memory:', synchronize: true }),
    TokensModule,
    AccessModule,
    TenancyModule.with({ from: ['caller', 'header'] }),
    SecurityModule.with({ limits: [{ limit: 40, window: '1d', name: 'all' }] }),
    ObservabilityModule,
    VersioningModule.with({ from: 'header' }),
  ],
  controllers: [PlainDoor, EventsDoor, UploadDoor],
  providers: [Commands, Methods, Desk, Marks, Notes, { provide: TenantDirectory, useClass: AnyTenant, primary: true }],
})
export class DoorsModule {}
