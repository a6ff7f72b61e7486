/** Folders outside of the repository with the package as npm installs it (see scripts/pack.js). */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
    sourceMap: true,
    outDir: 'dist',
    rootDir: 'src',
    types: ['node'],
  },
  include: ['src'],
}

/** @param app - The application's module, relative to the folder. */
export function createProject(app) {
  const folder = mkdtempSync(join(tmpdir(), 'tenon-bench-'))
  const packages = join(folder, 'node_modules')
  mkdirSync(packages)
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(packages, name))
  }
  // A copy: what npm installs does not lie in this repository, and is read as a package.
  cpSync(join(ROOT, 'build', 'package'), join(packages, 'tenon'), { recursive: true })
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', type: 'module', tenon: { app } }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  return folder
}

/** The starter kit, as its users have it. */
export function createStarterKit() {
  const folder = createProject('src/app-module.ts')
  cpSync(join(ROOT, 'samples', 'starter-kit'), join(folder, 'src'), { recursive: true })
  return folder
}

/** An application of so many classes, a third of them controllers, each in a file of its own. */
export function createLargeApplication(classes) {
  const folder = createProject('src/app-module.ts')
  const parts = Math.floor(classes / 3)
  const names = Array.from({ length: parts }, (_, index) => `Part${index}`)
  for (const [index, name] of names.entries()) {
    const before = index === 0 ? undefined : `Part${index - 1}`
    write(folder, `${name}.dto`, dto(name))
    write(folder, `${name}.service`, service(name, before))
    write(folder, `${name}.controller`, controller(name, index))
  }
  const imports = names.flatMap((name) => [
    `import { ${name}Controller } from './${name}.controller.ts'`,
    `import { ${name}Service } from './${name}.service.ts'`,
  ])
  const listed = (kind) => names.map((name) => `${name}${kind}`).join(', ')
  write(
    folder,
    'app-module',
    `import { Module } from 'tenon'\n${imports.join('\n')}\n\n@Module({ controllers: [${listed('Controller')}], providers: [${listed('Service')}] })\nexport class AppModule {}\n`,
  )
  return folder
}

function write(folder, name, text) {
  writeFileSync(join(folder, 'src', `${name}.ts`), text)
}

function dto(name) {
  return `import { IsInt, IsString, Min } from 'tenon/validation'\n\nexport class ${name}Dto {\n  @IsString()\n  readonly name!: string\n\n  @IsInt()\n  @Min(0)\n  readonly amount!: number\n}\n`
}

function service(name, before) {
  const needs = before ? `constructor(readonly before: ${before}Service) {}\n\n  ` : ''
  const imports = before ? `import { ${before}Service } from './${before}.service.ts'\n` : ''
  return `import { Service } from 'tenon'\n${imports}import { ${name}Dto } from './${name}.dto.ts'\n\n@Service()\nexport class ${name}Service {\n  ${needs}echo(value: ${name}Dto): ${name}Dto {\n    return value\n  }\n}\n`
}

function controller(name, index) {
  return `import { Body, Controller, Post, Public, Returns } from 'tenon'\nimport { ${name}Dto } from './${name}.dto.ts'\nimport { ${name}Service } from './${name}.service.ts'\n\n@Controller('/parts/${index}')\n@Public('a benchmark')\nexport class ${name}Controller {\n  constructor(private readonly service: ${name}Service) {}\n\n  @Post()\n  @Returns(${name}Dto)\n  echo(@Body() value: ${name}Dto): ${name}Dto {\n    return this.service.echo(value)\n  }\n}\n`
}
