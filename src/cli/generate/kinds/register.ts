/** The lines that make the application know a module. */
import { findClass, isDecorated } from '../source/find-entity.ts'
import { SourceUnfit } from '../generate-errors.ts'
import { importPath, type Layout } from '../layout.ts'
import type { FileEdit } from '../plan.ts'
import { relative } from 'node:path'

/** Lists a class in a list of a module, and imports it there. */
export function register(
  layout: Layout,
  {
    module,
    list,
    name,
    file,
  }: { readonly module: ModuleFile; readonly list: string; readonly name: string; readonly file: string },
): readonly FileEdit[] {
  return [
    { file: module.file, edit: { kind: 'import', name, from: importPath(layout, module.file, file) } },
    { file: module.file, edit: { kind: 'listed', type: module.type, list, element: name } },
  ]
}

export interface ModuleFile {
  readonly file: string
  readonly type: string
}

/** @throws `GENERATE_SOURCE_UNFIT` when the file of the root module declares none. */
export function rootModule(layout: Layout): ModuleFile {
  const { syntax, root, folder } = layout
  const found =
    findClass({ syntax, files: [root] }, (node) => node.name?.text === 'AppModule') ??
    findClass({ syntax, files: [root] }, (node) => isDecorated(syntax, node, 'Module'))
  if (!found) throw new SourceUnfit(relative(folder, root), 'it declares no class with @Module')
  return { file: root, type: found.node.name!.text }
}

/** The module in the folder of a feature; the root module where there is none. */
export function nearestModule(layout: Layout, featureFolder: string): ModuleFile {
  const { syntax, files } = layout
  const own = files.filter(
    (file) => file.startsWith(`${featureFolder}/`) && !file.slice(featureFolder.length + 1).includes('/'),
  )
  const found = findClass({ syntax, files: own }, (node) => isDecorated(syntax, node, 'Module'))
  return found ? { file: found.file, type: found.node.name!.text } : rootModule(layout)
}
