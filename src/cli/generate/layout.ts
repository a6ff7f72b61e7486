/** How the project is laid out, and what it uses: generated code fits what is there. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

import type { Syntax } from '../../check/source-rules/source-program.ts'
import { sourceFileOf } from '../source-file-of.ts'
import { loadOptional } from '../load-optional.ts'
import type { Project } from '../project.ts'
import { SourceUnfit } from './generate-errors.ts'

export interface Layout {
  /** The folder with package.json. */
  readonly folder: string
  /** The folder of the root module's source, which features are folders of. */
  readonly source: string
  /** The source of the root module. */
  readonly root: string
  /** Where tests stand, in the same folders as what they test; beside it where there is no such folder. */
  readonly tests: string
  /** How relative imports end: `.ts`, or `.js` as before TypeScript 5.7. */
  readonly ending: string
  readonly usesAccess: boolean
  /** Whether somebody finds out who calls. */
  readonly usesAuth: boolean
  readonly usesTenancy: boolean
  readonly syntax: Syntax
  /** The sources below `source`. */
  readonly files: readonly string[]
}

const AUTHENTICATING =
  '(?:Auth|Tokens|TokenEndpoints|Sessions|Accounts|AccountServices|ApiKeys|ServiceAccounts|ServiceAccountEndpoint)Module'

const PARSER = { feature: 'tenon generate', name: 'ts-morph', version: '28' }

/** @throws `CLI_APP_NOT_FOUND`, `CLI_PACKAGE_MISSING`, `GENERATE_SOURCE_UNFIT` */
export async function readLayout(project: Project): Promise<Layout> {
  const { folder } = project
  const root = sourceFileOf(project.locate().file)
  if (!root.endsWith('.ts') || !existsSync(root)) {
    throw new SourceUnfit(relative(folder, root), 'its TypeScript source is not there')
  }
  const { ts: syntax } = await loadOptional<{ ts: Syntax }>(PARSER, folder)
  const source = dirname(root)
  const files = globSync('**/*.ts', { cwd: source, exclude: isLeftOut })
    .filter((path) => !isLeftOut(path))
    .map((path) => join(source, path))
    .toSorted()
  const texts = files.map((file) => readFileSync(file, 'utf8'))
  const uses = (entry: string, name: string): boolean =>
    texts.some((text) => new RegExp(`\\b${name}\\b`).test(text) && new RegExp(`['"]tenon/${entry}['"]`).test(text))
  return {
    folder,
    source,
    root,
    tests: testsFolder(folder, source),
    ending: texts.some((text) => /from '\.[^']*\.js'/.test(text)) ? '.js' : '.ts',
    usesAccess: uses('access', 'AccessModule'),
    usesAuth: uses('auth', AUTHENTICATING),
    usesTenancy: uses('tenancy', 'TenancyModule'),
    syntax,
    files,
  }
}

/** `test/` where the compiler takes it in; else beside the sources. */
function testsFolder(folder: string, source: string): string {
  const config = join(folder, 'tsconfig.json')
  const included = existsSync(config)
    ? /"include"\s*:\s*\[([^\]]*)\]/.exec(readFileSync(config, 'utf8'))?.[1]
    : undefined
  const name = ['test', 'tests'].find((each) => new RegExp(`"(?:\\./)?${each}(?:/|")`).test(included ?? ''))
  return name === undefined ? source : join(folder, name)
}

/** How a file in one place imports one in another: `../customers/customer.ts`. */
export function importPath({ ending }: Pick<Layout, 'ending'>, from: string, to: string): string {
  const path = relative(dirname(from), to).split(sep).join('/').replace(/\.ts$/, ending)
  return path.startsWith('.') ? path : `./${path}`
}

function isLeftOut(path: string): boolean {
  return /(?:^|[\\/])(?:node_modules|dist|build|coverage|\.[^\\/]+)(?:[\\/]|$)|\.d\.ts$/.test(path)
}
