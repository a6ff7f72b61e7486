/** Loads the file with the root module, and says what is wrong when it does not load. */
import { pathToFileURL } from 'node:url'

import { MODULE, type Class } from '../../decorators/index.ts'
import { explainImportCycle } from '../check/source/import-cycle.ts'
import { CliAppUnreadable, CliAppWithoutModule, CliImportCycle } from './cli-errors.ts'

/**
 * @throws `CLI_APP_UNREADABLE`, `CLI_IMPORT_CYCLE`, `CLI_APP_WITHOUT_MODULE`
 */
export async function loadApp(file: string): Promise<Class> {
  if (file.endsWith('.ts')) (await import('./typescript-loader.ts')).registerTypeScript()
  return rootModuleOf(await importFile(file), file)
}

async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    const cycle = explainImportCycle(error, file)
    if (cycle) throw new CliImportCycle(cycle.name, cycle.files.join(' -> ')).causedBy(error)
    throw new CliAppUnreadable(file, reasonOf(error)).causedBy(error)
  }
}

/** `AppModule` or the default when several are exported. */
function rootModuleOf(exports: Readonly<Record<string, unknown>>, file: string): Class {
  const modules = Object.entries(exports).filter(
    (entry): entry is [string, Class] => typeof entry[1] === 'function' && MODULE.writtenHere(entry[1]) !== undefined,
  )
  const root = modules.length === 1 ? modules[0] : modules.find(([name]) => name === 'AppModule' || name === 'default')
  if (!root) {
    const found =
      modules.length === 0 ? `it has ${listed(Object.keys(exports))}` : listed(modules.map(([name]) => name))
    throw new CliAppWithoutModule(file, found)
  }
  return root[1]
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no exports' : names.join(', ')
}

/** A syntax error names its file on the first line of its stack only. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error instanceof SyntaxError ? error.stack?.split('\n', 1)[0] : undefined
  return `${error.name}: ${error.message}${place?.startsWith('file:') ? ` (${place})` : ''}`
}
