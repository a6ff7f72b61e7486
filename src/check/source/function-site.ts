/**
 * Where a class or function was written, when no decorator of ours recorded it: asked of the engine itself.
 * Opening an inspector session takes some milliseconds, so it is done only for a finding about to be reported.
 */
import { createRequire } from 'node:module'

import type { CallSite } from '../../../decorators/index.ts'

type Inspector = typeof import('node:inspector')

interface EngineLocation {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber: number
}

/** Files by the engine's number for them, which stays for the life of the process. */
const SCRIPTS = new Map<string, string>()
const SUBJECT = Symbol.for('tenon.function-site')

/**
 * For a function the opening parenthesis of its parameters; for a class that of its constructor, or the word `class`
 * when it has none. `undefined` for native code, and where Node was built without an inspector.
 */
export function functionSite(subject: unknown): CallSite | undefined {
  if (typeof subject !== 'function') return undefined
  const { Session } = loadInspector() ?? {}
  if (!Session) return undefined
  const session = new Session()
  session.connect()
  const holder = globalThis as Record<symbol, unknown>
  try {
    holder[SUBJECT] = subject
    const location = locate(session)
    if (location && !SCRIPTS.has(location.scriptId)) readScripts(session)
    const file = location && SCRIPTS.get(location.scriptId)
    return location && file ? { file, line: location.lineNumber + 1, column: location.columnNumber + 1 } : undefined
  } finally {
    delete holder[SUBJECT]
    session.disconnect()
  }
}

/**
 * Every script the engine has read. `Debugger.enable` names them too, and when its session ends the engine forgets
 * which lines have run, so that a measured run would miss them.
 */
function readScripts(session: InstanceType<Inspector['Session']>): void {
  session.post('Profiler.getBestEffortCoverage', (_error, coverage) => {
    for (const { scriptId, url } of coverage?.result ?? []) SCRIPTS.set(scriptId, url)
  })
}

/** The protocol answers synchronously within one thread, through callbacks. */
function locate(session: InstanceType<Inspector['Session']>): EngineLocation | undefined {
  let location: EngineLocation | undefined
  const expression = `globalThis[Symbol.for(${JSON.stringify(SUBJECT.description)})]`
  session.post('Runtime.evaluate', { expression }, (_error, evaluated) => {
    const objectId = evaluated?.result.objectId
    if (!objectId) return
    session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_failure, properties) => {
      const found = properties?.internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')
      location = found?.value?.value as EngineLocation | undefined
    })
  })
  return location
}

function loadInspector(): Inspector | undefined {
  try {
    return createRequire(import.meta.url)('node:inspector') as Inspector
  } catch {
    return undefined
  }
}
