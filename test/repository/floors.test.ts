import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

interface Finding {
  readonly filename: string
  readonly code: string
  readonly help?: string
}

/** File, what it says, and a part of what the lint run has to answer. */
const OFFENDERS: ReadonlyArray<readonly [file: string, source: string, answer: string]> = [
  ['decorators/fs.ts', "import 'node:fs'", 'Floor 0'],
  ['decorators/core/types-only.ts', "export type { Container } from 'inversify'", 'Floor 0'],
  ['decorators/core/up.ts', "import '../../src/index.ts'", 'Floor 0'],
  ['decorators/up.ts', "import '../src/index.ts'", 'Floor 0'],

  ['src/graph/inside-decorators.ts', "import '../../decorators/metadata.ts'", 'Floor 1'],
  ['src/check/rules/up.ts', "import '../../../modules/data/index.ts'", 'Floor 1'],
  ['src/graph/dynamic.ts', "await import('../../modules/data/index.ts')", 'Floor 1'],
  ['src/graph/own-name.ts', "import 'tenon'", 'Floor 1'],
  ['src/graph/own-entry.ts', "import 'tenon/decorators'", 'Floor 1'],

  ['modules/jobs/kernel-file.ts', "import '../../src/index.ts'", 'Floor 2'],
  ['modules/jobs/parts/language-file.ts', "import '../../../decorators/index.ts'", 'Floor 2'],
  ['modules/jobs/neighbour.ts', "import '../data/index.ts'", 'Floor 2'],
  ['modules/jobs/parts/neighbour.ts', "import '../../data/sqlite/driver.ts'", 'Floor 2'],
  ['modules/jobs/deep.ts', "import 'tenon/data/sqlite/driver.js'", 'Floor 2'],

  ['samples/shop/kernel-file.ts', "import '../../src/index.ts'", 'Floor 3'],
  ['samples/shop/orders/module-file.ts', "import '../../../modules/data/index.ts'", 'Floor 3'],
  ['samples/shop/neighbour.ts', "import '../hello/main.ts'", 'Floor 3'],
  ['test/modules/jobs/a.test.ts', "import '../../../src/index.ts'", 'published entries'],

  ['src/graph/compiler.ts', "import 'typescript'", 'TypeScript 7'],
  ['decorators/core/compiler.ts', "import 'typescript'", 'TypeScript 7'],
  ['modules/jobs/compiler.ts', "import 'typescript'", 'TypeScript 7'],
  ['samples/shop/compiler.ts', "import 'typescript'", 'TypeScript 7'],
  ['test/src/compiler.test.ts', "import 'typescript'", 'TypeScript 7'],

  ['src/graph/container.ts', "import 'inversify'", 'container/container.ts'],
  ['modules/jobs/container.ts', "import 'inversify'", 'container/container.ts'],
  ['src/http/log.ts', "import 'winston'", 'logging/winston-logger.ts'],
  ['src/http/server.ts', "import type {} from 'express'", 'http/express-*.ts'],
  ['src/http/express-host.ts', "import 'find-my-way'", 'http/router.ts'],
  ['src/graph/rows.ts', "import 'typeorm'", 'modules/data'],
  ['modules/jobs/rows.ts', "import 'typeorm/index.js'", 'modules/data'],
  ['samples/shop/orders/orders-service.ts', "import 'typeorm'", 'modules/data'],

  ['src/http/port.ts', 'export const port = process.env.PORT', 'no-process-env'],
  ['src/http/env.ts', "import { env } from 'node:process'; export const port = env.PORT", 'src/config'],
  ['modules/jobs/port.ts', 'export const port = process.env.PORT', 'no-process-env'],

  ['src/graph/first.ts', "import { second } from './second.ts'; export const first = () => second", 'no-cycle'],
  ['src/graph/second.ts', "import { first } from './first.ts'; export const second = () => first", 'no-cycle'],
]

const CLEAN: ReadonlyArray<readonly [file: string, source: string]> = [
  ['decorators/core/fine.ts', "import 'reflect-metadata'; import '../metadata.ts'; import './module.ts'"],
  ['src/check/rules/fine.ts', "import '../../../decorators/index.ts'; import '../../graph/node.ts'; import 'node:fs'"],
  ['src/container/container.ts', "import 'inversify'"],
  ['src/logging/winston-logger.ts', "import 'winston'"],
  ['src/http/express-adapter.ts', "import 'express'"],
  ['src/http/router.ts', "import 'find-my-way'"],
  ['src/config/read-environment.ts', 'export const port = process.env.PORT'],
  ['modules/data/sqlite/driver.ts', "import 'typeorm'; import '../data-config.ts'; import 'tenon/decorators'"],
  ['modules/jobs/parts/fine.ts', "import '../index.ts'; import 'tenon'; import 'tenon/data'"],
  ['samples/shop/orders/order-entity.ts', "import 'typeorm'; import '../shop.ts'; import 'tenon/data'"],
  ['samples/shop/entities/order.ts', "import 'typeorm'"],
  ['test/src/graph/fine.test.ts', "import '../../../src/graph/node.ts'; import 'typeorm'"],
  ['src/graph/third.ts', "import { fourth } from './fourth.ts'; export const third = () => fourth"],
  ['src/graph/fourth.ts', "import type { third } from './third.ts'; export const fourth = (f: typeof third) => f"],
]

/** Lints the files under our own configuration in a folder that looks like the repository. */
async function lint(files: ReadonlyArray<readonly [string, string, ...unknown[]]>): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-floors-'))
  try {
    for (const name of ['oxlint.config.ts', 'tsconfig.json', 'package.json'])
      await cp(join(ROOT, name), join(folder, name))
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
    for (const [file, source] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), `${source}\nexport {}\n`)
    }
    return await oxlint(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function oxlint(folder: string): Promise<readonly Finding[]> {
  const program = join(ROOT, 'node_modules/oxlint/bin/oxlint')
  return new Promise((resolve, reject) => {
    const args = [program, '--format=json', 'decorators', 'src', 'modules', 'samples', 'test']
    execFile(process.execPath, args, { cwd: folder, timeout: 30_000 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve((JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics)
      else reject(new Error(`oxlint did not lint: ${stdout}${stderr}`, { cause: error }))
    })
  })
}

const isFloorRule = ({ code }: Finding): boolean => /no-restricted-imports|no-process-env|no-cycle/.test(code)

describe('The lint run', () => {
  let findings: readonly Finding[]

  beforeAll(async () => {
    findings = (await lint([...OFFENDERS, ...CLEAN])).filter(isFloorRule)
  })

  it.each(OFFENDERS)('refuses %s: %s', (file, _source, answer) => {
    const said = findings.filter(({ filename }) => filename === file).map(({ code, help }) => `${code} ${help}`)

    expect(said).toContainEqual(expect.stringContaining(answer))
  })

  it.each(CLEAN)('allows %s: %s', (file) => {
    expect(findings.filter(({ filename }) => filename === file)).toEqual([])
  })
})
