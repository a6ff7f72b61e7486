/** What the choices set: for this machine, for the container, and for whoever reads the example. */
import { randomBytes } from 'node:crypto'

import type { Choices, DatabaseChoice, TenancyChoice } from './choices.ts'

const URLS: Readonly<Record<DatabaseChoice, (host: string) => string>> = {
  sqlite: () => 'sqlite:data/app.sqlite',
  postgres: (host) => `postgres://app:app@${host}:5432/app`,
  mariadb: (host) => `mariadb://app:app@${host}:3306/app`,
}

/** As `TENANCY_STRATEGY` calls them; what is the default is not said. */
const STRATEGIES: Readonly<Partial<Record<TenancyChoice, string>>> = { schema: 'schema', database: 'database' }

const KEY_BYTES = 32

type Settings = readonly (readonly [variable: string, value: string])[]

/** What belongs to the project wherever it runs. */
export function fixedSettings({ tenancy }: Choices): Settings {
  const strategy = STRATEGIES[tenancy]
  return strategy === undefined ? [] : [['TENANCY_STRATEGY', strategy]]
}

/** What the application in the container is told. */
export function containerSettings({ template, database, auth }: Choices): Settings {
  if (template === 'hello') return []
  return [
    ['DATABASE_URL', URLS[database]('database')],
    ...(auth === 'none'
      ? []
      : [
          ['AUTH_ISSUER', 'http://localhost:3000'] as const,
          ['AUTH_KEY_SECRET', "'${AUTH_KEY_SECRET:?stands in .env}'"] as const,
        ]),
    ...(auth === 'accounts'
      ? [['PUBLIC_URL', 'http://localhost:3000'] as const, ['MAIL_OUTBOX', 'data/outbox'] as const]
      : []),
  ]
}

/** Of this machine, not to be committed; nothing where nothing differs from the defaults. */
export function dotEnv(choices: Choices): string | undefined {
  const { template, database, auth } = choices
  const lines = [
    ...(database === 'sqlite' || template === 'hello' ? [] : [`DATABASE_URL=${URLS[database]('localhost')}`]),
    ...fixedSettings(choices).map(([variable, value]) => `${variable}=${value}`),
    ...(auth === 'none' ? [] : [`AUTH_KEY_SECRET=${randomBytes(KEY_BYTES).toString('base64url')}`]),
  ]
  return lines.length === 0 ? undefined : `${lines.join('\n')}\n`
}

const HEAD = '# Every setting, with its default. Copy what you change into .env, which is not committed.\n\n'

/** With what was chosen. @param example - Every setting, as `tenon config --env-example` prints them. */
export function dotEnvExample(example: string, choices: Choices): string {
  const { template, database } = choices
  const url = URLS[database]('localhost')
  const chosen: Settings = [
    ...(template === 'hello' ? [] : [['DATABASE_URL', url] as const]),
    ...fixedSettings(choices),
  ]
  const text = chosen.reduce((lines, [variable, value]) => {
    const isDefault = variable === 'DATABASE_URL' && database === 'sqlite'
    return lines.replace(new RegExp(`^#?${variable}=.*$`, 'm'), () => `${isDefault ? '#' : ''}${variable}=${value}`)
  }, example.trim())
  return `${HEAD}${text}\n`
}
