/** What a new project may be made of. */

export const TEMPLATES = ['hello', 'api', 'enterprise'] as const
export type Template = (typeof TEMPLATES)[number]

export const DATABASES = ['sqlite', 'postgres', 'mariadb'] as const
export type DatabaseChoice = (typeof DATABASES)[number]

/** Who calls: nobody is known, programs with tokens, people with accounts. */
export const AUTHS = ['none', 'tokens', 'accounts'] as const
export type AuthChoice = (typeof AUTHS)[number]

/** How the data of tenants is kept apart. */
export const TENANCIES = ['none', 'column', 'schema', 'database'] as const
export type TenancyChoice = (typeof TENANCIES)[number]

export interface Choices {
  /** Of the folder and the package. */
  readonly name: string
  readonly template: Template
  readonly database: DatabaseChoice
  readonly auth: AuthChoice
  readonly tenancy: TenancyChoice
  /** What package.json asks for: a version, or where a tarball lies. */
  readonly tenon: string
}

/** What is asked for, or said by options. */
export type Answers = Pick<Choices, 'template' | 'database' | 'auth' | 'tenancy'>

interface TemplateFacts {
  /** The folder below samples/ that it is made of. */
  readonly sample: string
  readonly hint: string
  /** What is taken where nothing is chosen. */
  readonly byDefault: Pick<Answers, 'auth' | 'tenancy'>
}

export const SAMPLES: Readonly<Record<Template, TemplateFacts>> = {
  hello: { sample: 'hello', hint: 'one route, no database', byDefault: { auth: 'none', tenancy: 'none' } },
  api: {
    sample: 'api',
    hint: 'a database, one resource, OpenAPI, metrics',
    byDefault: { auth: 'none', tenancy: 'none' },
  },
  enterprise: {
    sample: 'starter-kit',
    hint: 'accounts, roles, organisations, tickets: the starter kit',
    byDefault: { auth: 'accounts', tenancy: 'column' },
  },
}

/** What each choice means, for whoever chooses. */
export const HINTS: Readonly<Record<string, string>> = {
  sqlite: 'a file, needs nothing',
  postgres: 'a server, in compose.yaml',
  mariadb: 'a server, in compose.yaml',
  'auth none': 'everybody may call',
  'auth tokens': 'programs, with client id and secret',
  'auth accounts': 'people: sign-up, login, sessions and tokens',
  'tenancy none': 'one for all',
  'tenancy column': 'one table, a column says whose each row is',
  'tenancy schema': 'a schema for each, in PostgreSQL',
  'tenancy database': 'a database for each',
}
