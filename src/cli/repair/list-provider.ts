/**
 * A provider that no module lists goes into the module of its folder. Controllers and interceptors do not: what they
 * change is who may call what, and nobody guesses that.
 */
import { dirname } from 'node:path'

import { decoratorsOf, type ClassSource } from '../../check/source-rules/class-index.ts'
import type { SourceProgram } from '../../check/source-rules/source-program.ts'
import { importPath } from '../generate/layout.ts'
import { addToList } from '../generate/source/module-list.ts'
import type { Repairer } from './repair.ts'
import { classAt, importing, isExported, reaches } from './sources.ts'

const PROVIDERS: ReadonlySet<string> = new Set(['Injectable', 'Service', 'Repository'])

export const listProvider: Repairer = ({ at }, program) => {
  const type = classAt(program, at)
  if (!type?.decorators.some(({ name }) => PROVIDERS.has(name)) || !isExported(program, type)) return []
  const module = moduleOf(program, type)
  if (!module || reaches(program, type.file.fileName, module.file.fileName)) return []
  const file = module.file.fileName
  const ending = /from ['"]\.[^'"]*\.js['"]/.test(module.file.text) ? '.js' : '.ts'
  return [
    ...(file === type.file.fileName
      ? []
      : [importing(file, type.name, importPath({ ending }, file, type.file.fileName))]),
    {
      file,
      what: `${type.name} into providers of ${module.name}`,
      apply: (syntax, text) => addToList(syntax, text, { type: module.name, list: 'providers', element: type.name }),
    },
  ]
}

/** The only module of its folder, else of the nearest folder above that has one. */
function moduleOf({ syntax, classes, graph }: SourceProgram, type: ClassSource): ClassSource | undefined {
  const known = new Set(graph.modules.map(({ name }) => name))
  const modules = classes.all.filter(
    ({ name, node }) => known.has(name) && decoratorsOf(syntax, node).some((each) => each.name === 'Module'),
  )
  for (let folder = dirname(type.file.fileName); ; folder = dirname(folder)) {
    const here = modules.filter(({ file }) => dirname(file.fileName) === folder)
    if (here.length > 0) return here.length === 1 ? here[0] : undefined
    if (folder === dirname(folder)) return undefined
  }
}
