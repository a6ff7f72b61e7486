import { IsEmail, IsOptional, MinLength, ValidateNested } from 'class-validator'
import * as v from 'valibot'
import { z } from 'zod'

import { Config, Env, type Class, type Surroundings } from '../../../decorators/index.ts'
import { readConfig, type ConfigReading } from '../../../src/config/read-config.ts'
import { Environment, type VariableOrigin } from '../../../src/config/read-environment.ts'

type Texts = Record<string, string>

function environmentOf(variables: Texts, name = 'test', origin: VariableOrigin = '.env.local'): Environment {
  return new Environment(name, variables, new Map(Object.keys(variables).map((each) => [each, origin])))
}

function read<T extends object>(
  type: Class<T>,
  variables: Texts = {},
  overrides?: Partial<T>,
): Promise<ConfigReading<T>> {
  return readConfig(type, environmentOf(variables), overrides)
}

const reasonsOf = ({ problems }: ConfigReading): readonly string[] =>
  problems.map(({ kind, variable, field, reason, origin }) => `${kind}: ${variable ?? field} ${reason} <${origin}>`)

@Config('every')
class EveryType {
  @Env('TEXT') readonly text!: string
  @Env('COUNT') readonly count!: number
  @Env('IS_ON') readonly isOn!: boolean
  @Env('SINCE') readonly since!: Date
  @Env('LINK') readonly link!: URL
  @Env('NAMES') readonly names!: readonly string[]
  @Env('MODE', { optional: true }) readonly mode?: 'fast' | 'safe'
}

const EVERY = { TEXT: 'x', COUNT: '7', IS_ON: 'yes', SINCE: '2026-01-31', LINK: 'https://a.b/', NAMES: 'a,b' }

describe('readConfig', () => {
  it('converts every variable to the type its field declares', async () => {
    const { config, problems, section, values } = await read(EveryType, { ...EVERY, MODE: 'fast' })

    expect(problems).toEqual([])
    expect(config).toBeInstanceOf(EveryType)
    expect(config).toEqual({
      text: 'x',
      count: 7,
      isOn: true,
      since: new Date('2026-01-31'),
      link: new URL('https://a.b/'),
      names: ['a', 'b'],
      mode: 'fast',
    })
    expect(section).toBe('every')
    expect(values[1]).toEqual(
      expect.objectContaining({ field: 'EveryType.count', variable: 'COUNT', value: 7, origin: '.env.local' }),
    )
  })

  it('reports every problem at once, with the value, its origin and the line of the field', async () => {
    const reading = await read(EveryType, {
      TEXT: ' ',
      COUNT: 'many',
      IS_ON: 'perhaps',
      SINCE: 'x',
      LINK: 'a.b',
      MODE: 'm',
    })

    expect(reasonsOf(reading)).toEqual([
      'missing: TEXT is empty <.env.local>',
      'invalid: COUNT is not a number: "many" <.env.local>',
      'invalid: IS_ON is neither true nor false (also 1/0, yes/no, on/off): "perhaps" <.env.local>',
      'invalid: SINCE is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z): "x" <.env.local>',
      'invalid: LINK is not an absolute URL: "a.b" <.env.local>',
      'missing: NAMES is not set <unset>',
    ])
    expect(reading.problems[0]!.at.file).toContain('read-config.test.')
    const lines = reading.problems.map(({ at }) => at.line)
    expect(new Set(lines).size).toBe(6)
    expect(reading.problems.map(({ field }) => field)[1]).toBe('EveryType.count')
  })

  it('prefers code to the environment and the environment to a default', async () => {
    @Config('order')
    class Order {
      @Env('A', { default: 1 }) readonly a!: number
      @Env('B', { default: 1 }) readonly b!: number
      @Env('C', { default: 1 }) readonly c!: number
      @Env('D') readonly d: number = 4
      @Env('E') readonly e: number = 5
    }

    const { config, values } = await read(Order, { A: '2', B: '2', E: '6' }, { a: 3, b: undefined })

    expect(config).toEqual({ a: 3, b: 2, c: 1, d: 4, e: 6 })
    expect(values.map(({ origin }) => origin)).toEqual(['code', '.env.local', 'default', 'default', '.env.local'])
  })

  it('asks a default that is a function with the surroundings', async () => {
    @Config('derived')
    class Derived {
      @Env('HOST', {
        default: ({ environment }: Surroundings) => (environment === 'production' ? '0.0.0.0' : 'localhost'),
      })
      readonly host!: string
      @Env('NEEDED', { default: ({ environment }: Surroundings) => (environment === 'production' ? undefined : 'dev') })
      readonly needed!: string
    }

    expect((await read(Derived)).config).toEqual({ host: 'localhost', needed: 'dev' })
    const production = await readConfig(Derived, environmentOf({}, 'production'))
    expect(production.config.host).toBe('0.0.0.0')
    expect(reasonsOf(production)).toEqual(['missing: NEEDED is not set <unset>'])
  })

  it('reads defaults written as text, and holds defaults and code to the limits too', async () => {
    @Config('limits')
    class Limits {
      @Env('SINCE', { default: '2026-01-31' }) readonly since!: Date
      @Env('PORT', { default: 70000, max: 65535 }) readonly port!: number
      @Env('SIZE', { min: 1 }) readonly size!: number
      @Env('LEVEL', { oneOf: ['low', 'high'] }) readonly level!: string
      @Env('TAGS', { oneOf: ['a', 'b'] }) readonly tags!: readonly string[]
      @Env('BAD_DEFAULT', { default: 'soon' }) readonly badDefault!: Date
    }

    const reading = await read(Limits, { LEVEL: 'middle', TAGS: 'a,c' }, { size: 0 })

    expect(reading.config.since).toEqual(new Date('2026-01-31'))
    expect(reasonsOf(reading)).toEqual([
      'invalid: PORT is more than 65535: 70000 <default>',
      'invalid: SIZE is less than 1: 0 <code>',
      'invalid: LEVEL is not one of low, high: "middle" <.env.local>',
      'invalid: TAGS is not one of a, b: ["a","c"] <.env.local>',
      'invalid: BAD_DEFAULT is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z): "soon" <default>',
    ])
  })

  it('refuses a NaN from code where there are limits', async () => {
    @Config('nan')
    class NaNs {
      @Env('SIZE', { min: 1 }) readonly size!: number
    }

    expect(reasonsOf(await read(NaNs, {}, { size: NaN }))).toEqual(['invalid: SIZE is less than 1: NaN <code>'])
  })

  it('says that a type cannot be read from text, unless a default or a schema tells how', async () => {
    @Config('types')
    class Types {
      @Env('UNION') readonly union!: string | number
      @Env('MAP') readonly map!: Map<string, string>
      @Env('WITH_DEFAULT', { default: 5 }) readonly withDefault!: string | number
      @Env('JSON', { schema: z.string().transform((text) => JSON.parse(text) as unknown) }) readonly json!: object
    }

    const reading = await read(Types, { UNION: '1', MAP: 'a=b', WITH_DEFAULT: '6', JSON: '{"a":1}' })

    expect(reading.config.withDefault).toBe(6)
    expect(reading.config.json).toEqual({ a: 1 })
    expect(reasonsOf(reading)).toEqual([
      'unreadable: UNION has a type that cannot be read from text <.env.local>',
      'unreadable: MAP has a type that cannot be read from text <.env.local>',
    ])
  })

  it('takes schemas of any library that speaks Standard Schema', async () => {
    const throwing = {
      '~standard': {
        version: 1,
        vendor: 'x',
        validate: () => {
          throw new Error('broken schema')
        },
      },
    }
    @Config('schemas')
    class Schemas {
      @Env('ZOD', { schema: z.coerce.number().int() }) readonly zod!: number
      @Env('VALIBOT', { schema: v.pipe(v.string(), v.minLength(3)) }) readonly valibot!: string
      @Env('ASYNC', { schema: z.string().refine(async (text) => Promise.resolve(text === 'ok'), 'must be ok') })
      readonly later!: string
      @Env('OWN_DEFAULT', { schema: z.string().default('from schema') }) readonly ownDefault!: string
      @Env('THROWS', { schema: throwing }) readonly throws!: string
      @Env('NO_SCHEMA', { schema: { parse: true } }) readonly noSchema!: string
      @Env('NEEDED', { schema: z.string() }) readonly needed!: string
    }

    const reading = await read(Schemas, { ZOD: '7', VALIBOT: 'ab', ASYNC: 'no', THROWS: 'a', NO_SCHEMA: 'b' })

    expect(reading.config.zod).toBe(7)
    expect(reading.config.ownDefault).toBe('from schema')
    expect(reasonsOf(reading)).toEqual([
      expect.stringMatching(/^invalid: VALIBOT is refused by its schema \(.*length.*\): "ab" <\.env\.local>$/),
      'invalid: ASYNC is refused by its schema (must be ok): "no" <.env.local>',
      'invalid: THROWS is refused by its schema (broken schema): "a" <.env.local>',
      'invalid: NO_SCHEMA has a schema that is no Standard Schema object: "b" <.env.local>',
      'missing: NEEDED is not set <unset>',
    ])
  })

  it('applies class-validator rules, also to nested objects and fields that only code sets', async () => {
    class Limits {
      @MinLength(3) name = 'x'
    }
    @Config('rules')
    class Rules {
      @Env('SENDER') @IsEmail() readonly sender!: string
      @Env('COPY', { optional: true }) @IsEmail() readonly copy?: string
      @Env('REPLY', { optional: true }) @IsOptional() @IsEmail() readonly reply?: string
      @Env('COUNT') @MinLength(1) readonly count!: number
      @MinLength(5) readonly prefix: string = 'abc'
      @ValidateNested() readonly limits = new Limits()
    }

    const reading = await read(Rules, { SENDER: 'nobody', COUNT: 'x' })

    expect(reasonsOf(reading)).toEqual([
      'invalid: COUNT is not a number: "x" <.env.local>',
      'invalid: SENDER breaks the rule isEmail (sender must be an email): "nobody" <.env.local>',
      'invalid: Rules.prefix breaks the rule minLength (prefix must be longer than or equal to 5 characters): "abc" <default>',
      'invalid: Rules.limits breaks the rule minLength (name must be longer than or equal to 3 characters): [Limits] <default>',
    ])
    expect(reading.problems.every(({ at }) => at.line > 0)).toBe(true)
  })

  it('inherits fields, and lets fields without @Env be set by code', async () => {
    @Config('base')
    class ParentConfig {
      @Env('A') readonly a!: string
      readonly onRetry: string = 'wait'
      readonly kept: string = 'kept'
    }
    @Config('child')
    class ChildConfig extends ParentConfig {
      @Env('B') readonly b!: string
    }

    const { config, values, section } = await read(ChildConfig, { A: '1', B: '2' }, { onRetry: 'stop' })

    expect(section).toBe('child')
    expect(config).toEqual({ a: '1', b: '2', onRetry: 'stop', kept: 'kept' })
    expect(values.map(({ field, origin }) => `${field} ${origin}`)).toEqual([
      'ChildConfig.a .env.local',
      'ChildConfig.b .env.local',
      'ChildConfig.onRetry code',
      'ChildConfig.kept default',
    ])
  })

  describe('with secrets', () => {
    const CANARY = 'c4nary-value'

    @Config('secrets')
    class Secrets {
      @Env('NUMBER', { secret: true }) readonly number!: number
      @Env('ONE_OF', { secret: true, oneOf: ['c4nary-value-2'] }) readonly oneOf!: string
      @Env('SCHEMA', {
        secret: true,
        schema: z.string().refine(() => false, { error: ({ input }) => `bad ${String(input)}` }),
      })
      readonly schema!: string
      @Env('RULE', { secret: true }) @IsEmail({}, { message: 'not $value' }) readonly rule!: string
      @Env('API_TOKEN', { oneOf: ['other'] }) readonly byName!: string
      @Env('DATABASE_URL', { oneOf: ['sqlite'] }) readonly database!: string
      @Env('BROKEN_URL') readonly broken!: URL
    }

    it('never shows one in a problem', async () => {
      const reading = await read(Secrets, {
        ...Object.fromEntries(['NUMBER', 'ONE_OF', 'SCHEMA', 'RULE', 'API_TOKEN'].map((name) => [name, CANARY])),
        DATABASE_URL: `postgres://user:${CANARY}@db/app`,
        BROKEN_URL: `//user:${CANARY}@db/app`,
      })

      expect(reading.problems).toHaveLength(7)
      expect(JSON.stringify(reading.problems)).not.toContain('c4nary')
    })

    it('lists what logs must mask: whole secrets, and passwords inside URLs', async () => {
      @Config('masked')
      class Masked {
        @Env('KEY', { secret: true }) readonly key!: string
        @Env('KEYS', { secret: true }) readonly keys!: readonly string[]
        @Env('DATABASE_URL') readonly database!: string
        @Env('LINK', { secret: true }) readonly link!: URL
        @Env('SINCE', { secret: true }) readonly since!: Date
        @Env('PLAIN') readonly plain!: string
        @Env('SESSION_TOKEN', { secret: false }) readonly shown!: string
      }

      const { secrets, problems } = await read(Masked, {
        KEY: 'key-1',
        KEYS: 'k1,k2',
        DATABASE_URL: 'postgres://u:p%40ss@db/x',
        LINK: 'https://a.b/?k=1',
        SINCE: '2026-01-31',
        PLAIN: 'plain@plain',
        SESSION_TOKEN: 'public',
      })

      expect(problems).toEqual([])
      expect([...secrets].sort()).toEqual(['https://a.b/?k=1', 'k1', 'k2', 'key-1', 'p%40ss', 'p@ss'])
    })

    it('reads all variables of a family by the rest of their names, and masks each', async () => {
      @Config('family')
      class Family {
        @Env('SHOP_URL_*', { secret: true }) readonly urls?: Readonly<Record<string, string>>
        @Env('SHOP_FOLDER_*') readonly folders?: Readonly<Record<string, string>>
      }

      const reading = await read(Family, { SHOP_URL_A: 'one', SHOP_URL_B_C: 'two', SHOP_URL_D: ' ', SHOP_URL: 'x' })

      expect(reading.problems).toEqual([])
      expect(reading.config.urls).toEqual({ A: 'one', B_C: 'two' })
      expect(reading.config.folders).toBeUndefined()
      expect(reading.secrets.toSorted()).toEqual(['one', 'two'])
    })

    it('refuses the default of a secret in production only', async () => {
      @Config('jwt')
      class JwtConfig {
        @Env('JWT_SECRET', { secret: true, default: CANARY }) readonly secret!: string
        @Env('SALT', { secret: true }) readonly salt: string = CANARY
        @Env('PEPPER', { secret: true, optional: true }) readonly pepper?: string
      }

      expect((await read(JwtConfig)).problems).toEqual([])
      const production = await readConfig(JwtConfig, environmentOf({}, 'production'))
      expect(production.problems.map(({ kind, variable }) => [kind, variable])).toEqual([
        ['secret-default', 'JWT_SECRET'],
        ['secret-default', 'SALT'],
      ])
      const set = await readConfig(JwtConfig, environmentOf({ JWT_SECRET: 'a' }, 'production'), { salt: 'b' })
      expect(set.problems).toEqual([])
    })
  })
})
