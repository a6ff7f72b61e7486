import { Controller, createApp, Get, Injectable, Module, StartRefused, type ModuleImport } from 'tenon'
import { Deprecated, Upgrade, Version, VersioningModule } from 'tenon/versioning'

const codesOf = async (...modules: readonly [ModuleImport, ...ModuleImport[]]): Promise<readonly string[]> => {
  try {
    const app = await createApp(modules[0], ...modules.slice(1), { env: { TENON_ENV: 'test' } })
    await app.close()
    return []
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    return error.diagnostics.map(({ code, at }) => `${code} ${at.line > 0}`)
  }
}

@Controller('/a')
class FirstController {
  @Get()
  @Version('1', '2')
  a(): string {
    return 'a'
  }

  @Get('/b')
  @Version('newest')
  b(): string {
    return 'b'
  }

  @Get('/c')
  @Version('2026-01-01')
  @Deprecated({ since: '2020-01-01', sunset: '2020-06-30' })
  c(): string {
    return 'c'
  }

  @Get('/d')
  @Deprecated({ since: 'soon' })
  d(): string {
    return 'd'
  }
}

@Controller('/a')
class SecondController {
  @Get()
  @Version('2+')
  a(): string {
    return 'a'
  }
}

@Injectable()
class Clerk {}

@Upgrade('2', '1', FirstController)
class Backwards {}

@Upgrade('1', '2', [FirstController, 'nowhere'])
class Nowhere {}

@Upgrade('1', '2', FirstController)
class Needy {
  constructor(readonly clerk: Clerk) {}
}

@Module({ controllers: [FirstController, SecondController], providers: [Clerk, Backwards, Nowhere, Needy] })
class WrongModule {}

@Module({ controllers: [SecondController] })
class VersionedModule {}

describe('What the check says about versions', () => {
  it('finds each mistake where it is written', async () => {
    const codes = await codesOf(WrongModule, VersioningModule)

    expect(codes.toSorted()).toEqual(
      [
        'VERSIONING_VERSION_INVALID true',
        'VERSIONING_KINDS_MIXED true',
        'VERSIONING_VERSION_TAKEN true',
        'VERSIONING_SUNSET_PASSED true',
        'VERSIONING_DEPRECATION_INVALID true',
        'VERSIONING_UPGRADE_UNUSABLE true',
        'VERSIONING_UPGRADE_UNUSABLE true',
        'VERSIONING_UPGRADE_UNUSABLE true',
      ].toSorted(),
    )
  })

  it('finds upgrades that lead over the same versions, and lets them follow each other', async () => {
    @Controller('/lots')
    @Version('1', '2', '3')
    class LotsController {
      @Get()
      all(): void {}

      @Get('/one')
      one(): void {}
    }

    @Upgrade('1', '2', LotsController)
    class First {}

    @Upgrade('2', '3', [LotsController, 'all'])
    class Second {}

    @Upgrade('1', '3', [LotsController, 'one'])
    class Across {}

    @Module({ controllers: [LotsController], providers: [First, Second] })
    class FollowingModule {}

    @Module({ imports: [FollowingModule], providers: [Across] })
    class OverlappingModule {}

    expect(await codesOf(FollowingModule, VersioningModule)).toEqual([])
    expect(await codesOf(OverlappingModule, VersioningModule)).toEqual(['VERSIONING_UPGRADE_UNUSABLE true'])
  })

  it('refuses versions that nobody reads', async () => {
    expect(await codesOf(VersionedModule)).toEqual(['ROUTE_VERSION_UNREAD true'])
    expect(await codesOf(VersionedModule, VersioningModule)).toEqual([])
  })
})
