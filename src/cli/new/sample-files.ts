/** The files of a sample as those of a project of its own: sources below src/, their tests below test/. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

import { packageFolder } from '../own-package.ts'

/** Paths below the project, with `/` between folders. */
export type ProjectFiles = ReadonlyMap<string, string>

const IMPORT = /(?<=\bfrom |\bimport )(['"])(\.[^'"\n]+)\1/g

/** @param name - Of the folder below samples/. */
export function sampleFiles(name: string): ProjectFiles {
  const root = packageFolder()
  const homes = [
    { from: join(root, 'samples', name), to: 'src' },
    { from: join(root, 'test', 'samples', name), to: 'test' },
  ]
  const paths = homes.flatMap(({ from }) => filesIn(from))
  const places = new Map(paths.map((path) => [path, placeOf(path, homes)]))
  const kept = withoutOrphans(withoutOutsiders(paths))
  return new Map(kept.map((path) => [places.get(path)!, movedText(path, places)]))
}

/** Pages and scripts for browsers come along. */
function filesIn(folder: string): readonly string[] {
  return existsSync(folder)
    ? globSync('**/*.{ts,js,html,css,svg}', { cwd: folder }).map((path) => join(folder, path))
    : []
}

function placeOf(path: string, homes: readonly { readonly from: string; readonly to: string }[]): string {
  const home = homes.find(({ from }) => path.startsWith(from + sep))!
  return [home.to, ...relative(home.from, path).split(sep)].join('/')
}

/** Tests that need something of this repository stay here, and so does what needs those. */
function withoutOutsiders(paths: readonly string[]): readonly string[] {
  const kept = paths.filter((path) => importsOf(path).every((target) => paths.includes(target)))
  return kept.length === paths.length ? kept : withoutOutsiders(kept)
}

/** What tests share comes along for those that are here. */
function withoutOrphans(paths: readonly string[]): readonly string[] {
  const isTest = (path: string): boolean => path.startsWith(join(packageFolder(), 'test') + sep)
  const used = new Set(paths.filter((path) => !isTest(path) || path.endsWith('.test.ts')))
  // A set goes on to what is added while it is gone through.
  for (const path of used) if (path.endsWith('.ts')) for (const target of importsOf(path)) used.add(target)
  return paths.filter((path) => used.has(path))
}

function importsOf(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, , specifier]) => resolve(dirname(path), specifier!))
}

/** Imports lead to where the files are in the project. */
function movedText(path: string, places: ReadonlyMap<string, string>): string {
  const here = dirname(places.get(path)!)
  return readFileSync(path, 'utf8').replaceAll(IMPORT, (_all, quote: string, specifier: string) => {
    const target = relative(here, places.get(resolve(dirname(path), specifier))!)
      .split(sep)
      .join('/')
    return `${quote}${target.startsWith('.') ? target : `./${target}`}${quote}`
  })
}
