import { Config, Env } from '../../../decorators/index.ts'
import { checkConfig } from '../../../src/config/check-config.ts'
import { readConfig } from '../../../src/config/read-config.ts'
import { Environment } from '../../../src/config/read-environment.ts'

@Config('server')
class ServerConfig {
  @Env('PORT') readonly port!: number
  @Env('DATABASE_URL') readonly database!: string
  @Env('HOST') readonly host!: string
  @Env('SIZE', { max: 10, default: 11 }) readonly size!: number
  @Env('WIDTH', { max: 10, default: 1 }) readonly width!: number
  @Env('TABLE') readonly table!: Map<string, string>
  @Env('JWT_SECRET', { secret: true, default: 'c4nary' }) readonly secret!: string
  @Env('REGION') readonly region!: string
}

@Config('other')
class OtherConfig {
  @Env('REGIONS') readonly regions!: readonly string[]
}

describe('checkConfig', () => {
  it('tells of every problem what is wrong, where it came from and what to do', async () => {
    const variables = { PORT: 'abc', DATABSE_URL: 'x', HOST: '', TABLE: 'a', REGIONS: 'eu' }
    const origins = new Map([['PORT', '.env.local'] as const, ['HOST', '.env'] as const])
    const environment = new Environment('production', variables, origins)
    const readings = [
      await readConfig(ServerConfig, environment, { width: 12 }),
      await readConfig(OtherConfig, environment),
    ]

    const diagnostics = checkConfig(readings, environment)

    expect(diagnostics.map(({ code, message, help }) => [code, message, help])).toEqual([
      [
        'CONFIG_VALUE_INVALID',
        'PORT, read by ServerConfig.port, is not a number: "abc" (from .env.local).',
        'Correct PORT in .env.local.',
      ],
      [
        'CONFIG_VALUE_MISSING',
        'ServerConfig.database needs DATABASE_URL, which is not set.',
        'DATABSE_URL is set: did you mean DATABASE_URL?',
      ],
      [
        'CONFIG_VALUE_MISSING',
        'ServerConfig.host needs HOST, which is empty (from .env).',
        'Set HOST in the process environment or in .env.local.',
      ],
      [
        'CONFIG_VALUE_INVALID',
        'ServerConfig.size is more than 10: 11 (its default).',
        'Change the default of ServerConfig.size, or set SIZE.',
      ],
      [
        'CONFIG_VALUE_INVALID',
        'ServerConfig.width is more than 10: 12 (set in code).',
        'Change what the code sets for ServerConfig.width.',
      ],
      [
        'CONFIG_FIELD_UNREADABLE',
        'TABLE, read by ServerConfig.table, has a type that cannot be read from text (from the process environment).',
        'Declare it as string, number, boolean, Date, URL or an array, or give @Env a schema.',
      ],
      [
        'CONFIG_SECRET_DEFAULT',
        'ServerConfig.secret is secret, and in production it would be the default that everybody can read in the source.',
        'Set JWT_SECRET in the process environment.',
      ],
      [
        'CONFIG_VALUE_MISSING',
        'ServerConfig.region needs REGION, which is not set.',
        'Set REGION in the process environment or in .env.local.',
      ],
    ])
    expect(diagnostics.every(({ severity, at }) => severity === 'error' && at.line > 0)).toBe(true)
    expect(diagnostics[0]!.path).toEqual(['ServerConfig.port'])
    expect(JSON.stringify(diagnostics)).not.toContain('c4nary')
  })

  it('has nothing to say about a configuration that is right', async () => {
    const environment = new Environment('test', { REGIONS: 'eu' })

    expect(checkConfig([await readConfig(OtherConfig, environment)], environment)).toEqual([])
  })
})
