import { Config, Env } from '../../../decorators/index.ts'
import { describeConfig, printConfig } from '../../../src/config/print-config.ts'
import { readConfig } from '../../../src/config/read-config.ts'
import { Environment } from '../../../src/config/read-environment.ts'

@Config('db')
class DatabaseConfig {
  @Env('DATABASE_URL', { description: 'Where the data is.' }) readonly url!: string
  @Env('DB_PASSWORD', { optional: true }) readonly password?: string
  @Env('POOL', { default: 5 }) readonly pool!: number
  @Env('SINCE') readonly since!: Date
  @Env('LINK') readonly link!: URL
  @Env('NOTE', { optional: true }) readonly note?: string
  @Env('LONG') readonly long!: string
  readonly onError = function stop(): void {}
  readonly table = new Map()
  readonly apiKey: string = 'c4nary'
}

const environment = new Environment('test', {
  DATABASE_URL: 'postgres://app:c4nary@db/app',
  DB_PASSWORD: 'c4nary',
  SINCE: '2026-01-31',
  LINK: 'https://a.b',
  LONG: 'x'.repeat(500),
})

describe('describeConfig', () => {
  it('shows every effective value with its origin, and no secret', async () => {
    const described = describeConfig([await readConfig(DatabaseConfig, environment, { pool: 9 })])

    expect(described.map(({ field, value, origin }) => `${field} ${value} ${origin}`)).toEqual([
      'DatabaseConfig.url "postgres://app:[redacted]@db/app" process',
      'DatabaseConfig.password ******** process',
      'DatabaseConfig.pool 9 code',
      'DatabaseConfig.since 2026-01-31T00:00:00.000Z process',
      'DatabaseConfig.link https://a.b/ process',
      'DatabaseConfig.note not set unset',
      `DatabaseConfig.long "${'x'.repeat(79)}... process`,
      'DatabaseConfig.onError [function stop] default',
      'DatabaseConfig.table [Map] default',
      'DatabaseConfig.apiKey ******** default',
    ])
    expect(described[0]).toMatchObject({ section: 'db', variable: 'DATABASE_URL', description: 'Where the data is.' })
  })
})

describe('printConfig', () => {
  it('aligns the values under their section', async () => {
    @Config('mail')
    class MailConfig {
      @Env('MAIL_FROM') readonly from!: string
      @Env('SMTP', { default: 'localhost' }) readonly smtp!: string
    }

    const reading = await readConfig(MailConfig, new Environment('test', { MAIL_FROM: 'a' }))

    expect(printConfig([reading])).toBe(
      ['mail', '  MAIL_FROM  "a"          process', '  SMTP       "localhost"  default'].join('\n'),
    )
    expect(printConfig([])).toBe('')
  })
})
