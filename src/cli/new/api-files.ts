/** The sample of an API as a project with callers and tenants: more modules, and its resource as the generator writes it for them. */
import { join, relative, sep } from 'node:path'

import { readFields } from '../generate/fields/read-fields.ts'
import { resourceFiles } from '../generate/kinds/resource.ts'
import type { Layout } from '../generate/layout.ts'
import { namesOf } from '../generate/names.ts'
import { ResourceFacts } from '../generate/resource/facts.ts'
import type { Render } from '../generate/templates.ts'
import type { AuthChoice, Choices } from './choices.ts'
import type { ProjectFiles } from './sample-files.ts'

/** What the resource of the sample was generated from. */
const TASK = { name: 'task', fields: ['title:string', 'dueOn:date?', 'isDone:boolean=false'] }

interface AddedModule {
  readonly name: string
  readonly from: string
  /** As it stands in `imports`, where that is more than its name. */
  readonly listed?: string
}

const SECURITY = { name: 'SecurityModule', from: 'tenon/security' }
const ACCESS = { name: 'AccessModule', from: 'tenon/access' }
const TENANCY = { name: 'TenancyModule', from: 'tenon/tenancy', listed: "TenancyModule.with({ from: ['caller'] })" }

const CALLERS: Readonly<Record<AuthChoice, readonly AddedModule[]>> = {
  none: [],
  tokens: [SECURITY, ACCESS, { name: 'ServiceAccountEndpointModule', from: 'tenon/auth' }],
  accounts: [
    SECURITY,
    ACCESS,
    { name: 'TokensModule', from: 'tenon/auth' },
    { name: 'AccountsModule', from: 'tenon/auth' },
  ],
}

/** Whoever signed up by themselves would belong to no tenant. */
const INVITED = { name: 'AccountsModule', from: 'tenon/auth', listed: 'AccountsModule.with({ signUp: false })' }

/** @param sample - As a project that knows nobody. */
export function apiFiles(sample: ProjectFiles, choices: Choices, render: Render): ProjectFiles {
  const { auth, tenancy } = choices
  if (auth === 'none') return sample
  const hasTenants = tenancy !== 'none'
  const modules = [
    ...CALLERS[auth].map((each) => (hasTenants && each.name === INVITED.name ? INVITED : each)),
    ...(hasTenants ? [TENANCY] : []),
  ]
  const kept = [...sample].filter(([path]) => !/^(?:src|test)\/tasks\//.test(path))
  const root = 'src/app-module.ts'
  return new Map([
    ...kept.map(([path, text]) => [path, path === root ? withModules(text, modules) : text] as const),
    ...taskFiles(sample, hasTenants, render),
  ])
}

/** The same resource for callers who are known. */
function taskFiles(sample: ProjectFiles, usesTenancy: boolean, render: Render): ProjectFiles {
  const folder = sep
  const layout: Layout = {
    folder,
    source: join(folder, 'src'),
    root: join(folder, 'src', 'app-module.ts'),
    tests: join(folder, 'test'),
    ending: '.ts',
    usesAccess: true,
    usesAuth: true,
    usesTenancy,
    files: [],
    get syntax(): never {
      throw new Error('The project is not there yet, and nothing of it can be read.')
    },
  }
  const facts = new ResourceFacts(namesOf(TASK.name), readFields(TASK.fields), layout)
  const known = /CreateTasks\d+/.exec(sample.get('src/tasks/create-tasks.ts') ?? '')?.[0] ?? facts.migration
  return new Map(
    resourceFiles(facts, render).map(({ file, text }) => [
      relative(folder, file).split(sep).join('/'),
      text.replaceAll(facts.migration, known),
    ]),
  )
}

/** Import lines in order, and the modules before that of the database. */
function withModules(text: string, modules: readonly AddedModule[]): string {
  const names = Map.groupBy(modules, ({ from }) => from)
  const added = [...names].map(
    ([from, all]) =>
      `import { ${all
        .map(({ name }) => name)
        .toSorted()
        .join(', ')} } from '${from}'`,
  )
  const imports = text.split('\n').filter((line) => /^import .* from 'tenon\//.test(line))
  const block = imports.join('\n')
  const inOrder = [...imports, ...added].toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
  const listed = modules.map((each) => each.listed ?? each.name).join(', ')
  return text.replace(block, inOrder.join('\n')).replace(/(imports: \[[^\]]*?)(?=\bDataModule\b)/, `$1${listed}, `)
}

function pathOf(line: string): string {
  return line.slice(line.indexOf("'"))
}
