/**
 * Makes a client of the starter kit with a generator of others, and compiles it with our compiler in strict mode: what we
 * publish is understood by those who never heard of us. The generator needs a TypeScript of its own, so it is installed
 * here and not with the rest. Run by `npm run check:client`, which builds first.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createApp } from '../../../dist/src/index.js'
import { OpenApi } from '../../../dist/modules/openapi/index.js'
import { AppModule } from '../../../dist/samples/starter-kit/app-module.js'

const COMPILER = {
  strict: true,
  noEmit: true,
  target: 'es2024',
  lib: ['es2024', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  types: [],
}

const folder = mkdtempSync(join(tmpdir(), 'openapi-client-'))
try {
  cpSync(join(import.meta.dirname, 'package.json'), join(folder, 'package.json'))
  const run = (program, args) => execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])

  const app = await createApp(AppModule, { env: { TENON_ENV: 'test', LOG_LEVEL: 'error' } })
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(await app.get(OpenApi).document()))
  await app.close()

  run(join(folder, 'node_modules', '.bin', 'openapi-ts'), ['-i', 'openapi.json', '-o', 'client'])
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, include: ['client'] }))
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
  run(process.execPath, [join(typescript, '..', 'bin', 'tsc'), '-p', 'tsconfig.json'])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
