import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { writeProject } from './check-projects.ts'
import { runLines } from './run-lines.ts'

describe('Files that import each other', () => {
  it('are named instead of the class that was used too early', async () => {
    const folder = writeProject('cycle', {
      'app-module.ts': `import { Module } from 'tenon'
import { First } from './first.ts'

@Module({ providers: [First] })
export class AppModule {}
`,
      'first.ts': `import { Service } from 'tenon'
import { Second } from './second.ts'

@Service()
export class First {
  constructor(readonly second: Second) {}
}
`,
      'second.ts': `import { Service } from 'tenon'
import { First } from './first.ts'

@Service()
export class Second {
  constructor(readonly first: First) {}
}
`,
    })

    const [run] = await runLines([['check', '--json', '--app', join(folder, 'app-module.ts')]])

    expect(run!.code).toBe(3)
    expect(JSON.parse(run!.output)).toMatchObject({
      error: {
        code: 'CLI_IMPORT_CYCLE',
        message: expect.stringMatching(/^First was used before .*first\.ts -> .*second\.ts -> .*first\.ts$/),
      },
    })
  })
})

describe('tenon build', () => {
  const tsconfig = JSON.stringify({
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      types: [],
      rootDir: 'src',
      outDir: 'dist',
      strict: true,
      sourceMap: true,
    },
    include: ['src'],
  })

  it('compiles, removes what has no source any more, and says how large it is', async () => {
    const folder = writeProject('build', {
      'package.json': '{ "name": "built", "type": "module" }',
      'tsconfig.json': tsconfig,
      'src/a.ts': 'export const a: number = 1\n',
      'dist/gone.js': '',
      'dist/gone.js.map': '{}',
      'dist/own.js': '',
    })

    const [run] = await runLines([['build', '--json']], { cwd: folder })

    expect(JSON.parse(run!.output)).toMatchObject({
      outDir: join(folder, 'dist'),
      removed: expect.arrayContaining([join(folder, 'dist', 'gone.js')]),
      sizes: [
        { kind: 'JavaScript', files: 2 },
        { kind: 'types', files: 0 },
        { kind: 'source maps', files: 1 },
      ],
    })
    expect(existsSync(join(folder, 'dist', 'own.js'))).toBe(true)
  })

  it('ends with 3 when the project does not compile', async () => {
    const folder = writeProject('build-broken', { 'package.json': '{ "type": "module" }', 'tsconfig.json': tsconfig })

    const [run] = await runLines([['build']], { cwd: folder })

    expect(run).toMatchObject({ code: 3, errors: expect.stringContaining('CLI_BUILD_FAILED') })
  })
})
