/** `.env.example` of a project: every setting of its configuration classes. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { ownBinary, packageFolder } from '../own-package.ts'
import { SAMPLES, type AuthChoice, type Choices } from './choices.ts'

/** Of an application without a database. */
const KERNEL_SECTIONS = ['http', 'log', 'compile']

const TOKENS = ['security', 'access', 'keys', 'tokens', 'site']

/** What callers need besides the sample; the starter kit has all of it. */
const OF_CALLERS: Readonly<Record<AuthChoice, readonly string[]>> = {
  none: [],
  tokens: TOKENS,
  accounts: [...TOKENS, 'mail', 'passwords', 'sessions', 'csrf', 'accounts'],
}

export async function envExample({ template, auth, tenancy }: Choices): Promise<string> {
  const { sample } = SAMPLES[template]
  if (template !== 'api' || auth === 'none') return exampleOf(sample)
  const [own, kit] = await Promise.all([exampleOf(sample), exampleOf(SAMPLES.enterprise.sample)])
  const wanted = [...OF_CALLERS[auth], ...(tenancy === 'none' ? [] : ['tenancy'])]
  const has = (section: string, text: string): boolean => text.includes(`## ${section}\n`)
  const added = kit
    .split(/\n\n(?=## )/)
    .filter((block) => wanted.some((section) => has(section, block) && !has(section, own)))
  return [own, ...added].map((text) => text.trim()).join('\n\n')
}

/** Written when the package was made; in the repository the sample is asked. */
async function exampleOf(sample: string): Promise<string> {
  const written = join(packageFolder(), 'samples', sample, 'env-example')
  if (existsSync(written)) return readFileSync(written, 'utf8')
  if (sample !== 'hello') return ask(sample, [])
  const sections = await Promise.all(KERNEL_SECTIONS.map((section) => ask('api', [section])))
  return sections.join('\n')
}

async function ask(sample: string, sections: readonly string[]): Promise<string> {
  const app = join(packageFolder(), 'dist', 'samples', sample, 'app-module.js')
  const args = [ownBinary(), 'config', ...sections, '--env-example', '--app', app]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: packageFolder(),
    // Nothing of this shell shall stand in somebody's example.
    env: { TENON_ENV: 'development' },
  })
  return stdout
}
