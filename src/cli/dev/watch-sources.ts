/** Tells when something was saved: once for what an editor or a checkout writes in one go. */
import { watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'

const MEANT = /\.(?:ts|mts|js|mjs|json|sql|eta|html)$/
/** What is written below the project's folder while the application runs or is built. */
const PRODUCED = /^(?:dist|build|coverage|data)[\\/]/
const FOREIGN = /(?:^|[\\/])(?:node_modules|\.[^\\/]+)(?:[\\/]|$)/
/** Editors write a file in several steps. What comes later than that is a save of its own. */
const QUIET_MS = 10

/**
 * @param sources - The folder that is watched, with all below it.
 * @param folder - The project's: its `.env` files count, too.
 * @returns stops watching.
 */
export function watchSources(sources: string, folder: string, onChange: (file: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const tell = (file: string): void => {
    clearTimeout(timer)
    timer = setTimeout(() => onChange(file), QUIET_MS)
  }
  const watchers: readonly FSWatcher[] = [
    watch(sources, { recursive: true, ignore: isForeign }, (_event, name) => {
      if (name === null || !MEANT.test(name) || isForeign(name)) return
      if (sources !== folder || !PRODUCED.test(name)) tell(join(sources, name))
    }),
    watch(folder, (_event, name) => {
      if (name !== null && isEnvFile(name)) tell(join(folder, name))
    }),
  ]
  // A folder that went away while it was read, as checkouts do; what took its place is told by its parent.
  for (const watcher of watchers) watcher.on('error', () => {})
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** Whether a file holds settings of the environment: `.env`, `.env.local`, ... */
export function isEnvFile(name: string): boolean {
  return /^\.env(?:\.|$)/.test(name)
}

/** Thousands of files that nobody here writes: Node need not look at them. */
function isForeign(path: string): boolean {
  return FOREIGN.test(path)
}
