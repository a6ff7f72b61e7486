/** Kinds that are one class in one file, listed in the module of its folder, else in the root module. */
import { join } from 'node:path'

import { importPath, type Layout } from '../layout.ts'
import { literalNames } from '../names.ts'
import type { NewFile } from '../plan.ts'
import { Imports } from '../print-import.ts'
import { callsOf } from '../resource/calls.ts'
import { nextTimestamp } from '../timestamp.ts'
import type { Kind } from './kind.ts'
import { readName } from './read-name.ts'
import { nearestModule, register, rootModule } from './register.ts'

interface SingleKind {
  readonly kind: string
  readonly description: string
  readonly example: string
  /** Of the module; without one nothing is registered. */
  readonly list?: 'imports' | 'controllers' | 'providers' | 'interceptors'
  /** The folder below the sources; that of the feature when it is left out. */
  readonly folder?: string
  /** Of the test that comes with it. */
  readonly test?: string
  readonly note?: string
}

/** The class is `<Name><Kind>`, its file `<name>-<kind>.ts`, its template `single/<kind>`. */
function single({ kind, list, folder, test, note, ...words }: SingleKind): Kind {
  return {
    ...words,
    plan: ({ name, layout, render }) => {
      const names = literalNames(readName(name))
      const home = join(layout.source, folder ?? names.file)
      const file = join(home, `${names.file}-${kind}.ts`)
      const type = `${names.type}${kind[0]!.toUpperCase()}${kind.slice(1)}`
      const testFile = join(layout.tests, folder ?? names.file, `${names.file}-${kind}.test.ts`)
      const holes = {
        ...names,
        ...layout,
        ...callsOf(layout),
        imports: controllerImports(layout),
        command: names.file.includes('-') ? names.file.replace('-', ':') : `${names.file}:run`,
        root: importPath(layout, testFile, layout.root),
      }
      const files: readonly NewFile[] = [
        { file, text: render(`single/${kind}`, holes) },
        ...(test === undefined ? [] : [{ file: testFile, text: render(`single/${test}`, holes) }]),
      ]
      const module = list === 'imports' || list === 'interceptors' ? rootModule(layout) : nearestModule(layout, home)
      const edits = list === undefined ? [] : register(layout, { module, list, name: type, file })
      return { kind, name: names.file, files, edits, ...(note !== undefined && { note: note.replace('<type>', type) }) }
    },
  }
}

function controllerImports({ usesAccess, usesAuth, usesTenancy }: Layout): Imports {
  const imports = new Imports()
    .add('tenon', 'Controller', 'Get', 'Returns', usesAccess || usesAuth ? 'Authenticated' : 'Public')
    .add('tenon/validation', 'Expose')
  return usesTenancy ? imports.add('tenon/tenancy', 'TenantScoped') : imports
}

export const module = single({
  kind: 'module',
  list: 'imports',
  description: 'An empty module, imported by the application',
  example: 'tenon generate module billing',
})

export const controller = single({
  kind: 'controller',
  list: 'controllers',
  test: 'controller-test',
  description: 'A controller with one route, and its test',
  example: 'tenon generate controller reports',
})

export const service = single({
  kind: 'service',
  list: 'providers',
  description: 'A service',
  example: 'tenon generate service reports',
})

export const interceptor = single({
  kind: 'interceptor',
  list: 'interceptors',
  folder: 'interceptors',
  description: 'An interceptor around every endpoint',
  example: 'tenon generate interceptor timing',
})

export const guard = single({
  kind: 'guard',
  folder: 'guards',
  description: 'A guard, to be put above what it guards',
  example: 'tenon generate guard office-hours',
  note: 'It guards nothing yet: write @Use(<type>) above a method, a controller or a module.',
})

export const command = single({
  kind: 'command',
  list: 'providers',
  folder: 'commands',
  description: 'A command of the tenon tool',
  example: 'tenon generate command report-send',
})

export const seeder = single({
  kind: 'seeder',
  list: 'providers',
  folder: 'database',
  description: 'Rows for development, written by tenon db seed',
  example: 'tenon generate seeder demo',
})

export const migration: Kind = {
  description: 'An empty migration; tenon db generate writes one from the entities',
  example: 'tenon generate migration fill-prices',
  plan: ({ name, layout, render }) => {
    const names = literalNames(readName(name))
    const type = `${names.type}${nextTimestamp(layout)}`
    const file = join(layout.source, 'database', 'migrations', `${names.file}.ts`)
    return {
      kind: 'migration',
      name: names.file,
      files: [{ file, text: render('single/migration', { migration: type }) }],
      edits: register(layout, { module: rootModule(layout), list: 'migrations', name: type, file }),
    }
  },
}

export const test: Kind = {
  description: 'A test that boots the application',
  example: 'tenon generate test smoke',
  plan: ({ name, layout, render }) => {
    const names = literalNames(readName(name))
    const file = join(layout.tests, `${names.file}.test.ts`)
    const root = importPath(layout, file, layout.root)
    return {
      kind: 'test',
      name: names.file,
      files: [{ file, text: render('single/test', { ...names, root }) }],
      edits: [],
    }
  },
}

export const plugin: Kind = {
  description: 'A capability in a folder of its own: module, settings, errors, service, and what others may use',
  example: 'tenon generate plugin weather',
  plan: ({ name, layout, render }) => {
    const names = literalNames(readName(name))
    const home = join(layout.source, names.file)
    const holes = { ...names, ending: layout.ending }
    const files = ['module', 'config', 'errors', 'service'].map((part): NewFile => ({
      file: join(home, `${names.file}-${part}.ts`),
      text: render(`plugin/${part}`, holes),
    }))
    const index = { file: join(home, 'index.ts'), text: render('plugin/index', holes) }
    return {
      kind: 'plugin',
      name: names.file,
      files: [...files, index],
      edits: register(layout, {
        module: rootModule(layout),
        list: 'imports',
        name: `${names.type}Module`,
        file: index.file,
      }),
    }
  },
}
