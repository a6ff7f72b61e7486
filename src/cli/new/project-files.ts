/** Every file of a new project. */
import { readManifest } from '../locate-app.ts'
import { packageFolder } from '../own-package.ts'
import type { Render } from '../generate/templates.ts'
import { apiFiles } from './api-files.ts'
import { SAMPLES, type Choices, type DatabaseChoice } from './choices.ts'
import { helloFiles } from './hello-files.ts'
import { sampleFiles, type ProjectFiles } from './sample-files.ts'
import { containerSettings, dotEnv, dotEnvExample, fixedSettings } from './settings.ts'

type Versions = Readonly<Record<string, string>>

const TOOLS = [
  '@swc/core',
  '@types/express',
  '@types/jest',
  '@types/node',
  'jest',
  'jest-light-runner',
  'oxfmt',
  'oxlint',
  'oxlint-tsgolint',
  'ts-morph',
  'typescript',
] as const

const DRIVERS: Readonly<Record<DatabaseChoice, string | undefined>> = {
  sqlite: undefined,
  postgres: 'pg',
  mariadb: 'mysql2',
}

const SENTENCES = {
  hello: 'The smallest application of Tenon.',
  api: 'An API over one database: each feature is a folder with a module of its own.',
  enterprise: 'A service desk for many organisations: accounts, roles, tickets, a seeded database.',
}

/** @param envExample - Every setting, as `tenon config --env-example` prints them. */
export function projectFiles(choices: Choices, render: Render, envExample: string): ProjectFiles {
  const { template, database, auth, tenancy } = choices
  const sources = sourceFiles(choices, render)
  const versions = toolVersions()
  const dependencies = dependenciesOf(choices, sources, versions)
  const settings = dotEnv(choices)
  const holes = {
    ...choices,
    node: (readManifest(packageFolder())['engines'] as { readonly node: string }).node,
    sentence: SENTENCES[template],
    dependencies,
    devDependencies: picked(versions, toolsFor(dependencies)),
    hasData: template !== 'hello' && (database === 'sqlite' || auth === 'accounts'),
    containerSettings: containerSettings(choices),
    fixedSettings: fixedSettings(choices),
    hasSettings: settings !== undefined,
    json: (value: object) => JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  '),
  }
  return new Map([
    ...sources,
    ...(tenancy !== 'none' ? [['test/tenants.test.ts', render('project/tenants-test', holes)] as const] : []),
    ...Object.entries(FILES).map(([path, file]) => [path, render(`project/${file}`, holes)] as const),
    ['jest.config.js', "export default { preset: 'tenon/jest' }\n"],
    ['.env.example', dotEnvExample(envExample, choices)],
    ...(settings === undefined ? [] : [['.env', settings] as const]),
  ])
}

function sourceFiles(choices: Choices, render: Render): ProjectFiles {
  const { template } = choices
  const sample = sampleFiles(SAMPLES[template].sample)
  if (template === 'hello') return helloFiles(sample)
  return template === 'api' ? apiFiles(sample, choices, render) : sample
}

const FILES: Readonly<Record<string, string>> = {
  'package.json': 'package',
  'tsconfig.json': 'tsconfig',
  '.oxlintrc.json': 'oxlintrc',
  '.oxfmtrc.json': 'oxfmtrc',
  '.gitignore': 'gitignore',
  '.dockerignore': 'dockerignore',
  Dockerfile: 'dockerfile',
  'compose.yaml': 'compose',
  '.github/workflows/ci.yml': 'ci',
  'README.md': 'readme',
}

/** What modules load when it is first needed: passkeys, pictures for authenticator apps. */
const FEATURES: Readonly<Record<Choices['template'], readonly string[]>> = {
  hello: [],
  api: [],
  enterprise: ['@simplewebauthn/server', 'openid-client', 'qrcode'],
}

/** Those that Tenon itself is tested with; the published package names them in its manifest. */
function toolVersions(): Versions {
  const manifest = readManifest(packageFolder())
  const published = (manifest['tenon'] as { readonly versions?: Versions } | undefined)?.versions
  return published ?? { ...(manifest['dependencies'] as Versions), ...(manifest['devDependencies'] as Versions) }
}

/** What the sources import, and the driver of the database. */
function dependenciesOf({ tenon, template, database }: Choices, sources: ProjectFiles, versions: Versions): Versions {
  const imported = [...sources].flatMap(([path, text]) =>
    path.startsWith('src/') ? [...text.matchAll(/\bfrom '((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name]) => name!) : [],
  )
  const driver = template === 'hello' ? undefined : DRIVERS[database]
  const further = [...new Set(imported), driver ?? [], FEATURES[template]]
    .flat()
    .filter((name) => name !== 'tenon' && name !== 'node')
  return { tenon, ...picked(versions, further.toSorted()) }
}

/** The types of what has none of its own come along. */
function toolsFor(dependencies: Versions): readonly string[] {
  return [...TOOLS, ...Object.keys(dependencies).map((name) => `@types/${name}`)].toSorted()
}

function picked(versions: Versions, names: readonly string[]): Versions {
  return Object.fromEntries(names.flatMap((name) => (versions[name] === undefined ? [] : [[name, versions[name]]])))
}
