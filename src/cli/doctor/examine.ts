/** The questions of `tenon doctor`, asked one after the other; each answers even when the others fail. */
import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statfsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

import { HttpConfig } from '../../http/http-config.ts'
import { packageFolder } from '../own-package.ts'
import { readManifest } from '../locate-app.ts'
import type { Project } from '../project.ts'
import { readSettings } from '../read-settings.ts'

export interface Examined {
  readonly what: string
  readonly state: 'ok' | 'warning' | 'error'
  readonly finding: string
  readonly fix?: string
}

const LEAST_FREE_BYTES = 512 * 2 ** 20
/** The clock of a machine that was never set. */
const EARLIEST_YEAR = 2025

export async function examine(project: Project): Promise<readonly Examined[]> {
  const examinations = [
    examineNode,
    examinePackages,
    examineProgram,
    examineSettings,
    examineDatabase,
    examinePort,
    examineClock,
    examineFolder,
  ]
  const all: Examined[] = []
  for (const each of examinations) {
    try {
      all.push(await each(project))
    } catch (error) {
      const what = each.name.replace('examine', '').toLowerCase()
      all.push({
        what,
        state: 'error',
        finding: firstLine(error),
        fix: (error as { help?: string }).help ?? 'Repair what it names.',
      })
    }
  }
  return all
}

function examineNode(): Examined {
  const { engines } = readManifest(packageFolder()) as { readonly engines: { readonly node: string } }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = engines.node.replace('>=', '').split('.').map(Number)
  const fits = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  const finding = `Node ${process.versions.node}, needed ${engines.node}`
  return {
    what: 'node',
    state: fits ? 'ok' : 'error',
    finding,
    ...(fits ? {} : { fix: 'Install a newer one: https://nodejs.org' }),
  }
}

/** What package.json asks for and is not there. */
function examinePackages({ folder }: Project): Examined {
  const { dependencies = {} } = readManifest(folder) as { readonly dependencies?: Readonly<Record<string, string>> }
  const find = createRequire(join(folder, 'package.json'))
  const missing = Object.keys(dependencies).filter(
    (name) => !(find.resolve.paths(name) ?? []).some((path) => existsSync(join(path, name, 'package.json'))),
  )
  if (missing.length === 0)
    return { what: 'packages', state: 'ok', finding: `${Object.keys(dependencies).length} dependencies are installed` }
  return { what: 'packages', state: 'error', finding: `not installed: ${missing.join(', ')}`, fix: 'npm install' }
}

async function examineProgram(project: Project): Promise<Examined> {
  const { diagnostics, graph } = await project.program()
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0)
    return { what: 'program', state: 'ok', finding: `${graph.modules.length} modules hold together` }
  return {
    what: 'program',
    state: 'error',
    finding: `${errors.length} errors, first ${errors[0]!.code}`,
    fix: 'tenon check',
  }
}

async function examineSettings(project: Project): Promise<Examined> {
  const readings = await readSettings(await project.program())
  const problems = readings.flatMap((each) => each.problems)
  if (problems.length === 0) return { what: 'settings', state: 'ok', finding: `${readings.length} sections are valid` }
  const { variable, field, reason } = problems[0]!
  return {
    what: 'settings',
    state: 'error',
    finding: `${variable ?? field} ${reason}`,
    fix: 'Set it in the environment or in .env; tenon config lists all.',
  }
}

/** Only asks whether somebody answers there: starting the application would migrate it. */
async function examineDatabase(project: Project): Promise<Examined> {
  const readings = await readSettings(await project.program())
  const value = readings.flatMap(({ values }) => values).find(({ variable }) => variable === 'DATABASE_URL')
  if (!value) return { what: 'database', state: 'ok', finding: 'the application has none' }
  const url = typeof value.value === 'string' ? value.value : 'sqlite:data/app.sqlite'
  const server = /^(\w+):\/\/(?:[^@/]*@)?(?<host>[^:/?]+)(?::(?<port>\d+))?/.exec(url)?.groups
  if (!server || url.startsWith('sqlite')) return examineFile(url)
  const port = Number(server['port'] ?? (url.startsWith('postgres') ? 5432 : 3306))
  const place = `${server['host']}:${port}`
  if (await answers(server['host']!, port)) return { what: 'database', state: 'ok', finding: `${place} answers` }
  return {
    what: 'database',
    state: 'error',
    finding: `nobody answers at ${place}`,
    fix: 'Start the database, or correct DATABASE_URL.',
  }
}

function examineFile(url: string): Examined {
  const file = url.replace(/^sqlite:(\/\/)?/, '')
  if (file === ':memory:')
    return {
      what: 'database',
      state: 'warning',
      finding: 'SQLite in memory: gone at every restart',
      fix: 'Set DATABASE_URL.',
    }
  return {
    what: 'database',
    state: 'ok',
    finding: `SQLite in ${file}${existsSync(file) ? '' : ', made at the first start'}`,
  }
}

function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port, timeout: 2000 })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  socket.once('timeout', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

async function examinePort(project: Project): Promise<Examined> {
  const readings = await readSettings(await project.program())
  const { port } = (readings.find(({ type }) => type === HttpConfig)?.config ?? { port: 3000 }) as HttpConfig
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  server.listen(port, () => resolve(undefined))
  const problem = await promise
  server.close()
  if (problem === undefined) return { what: 'port', state: 'ok', finding: `${port} is free` }
  if (problem === 'EACCES')
    return {
      what: 'port',
      state: 'error',
      finding: `${port} needs more rights`,
      fix: 'Choose one above 1023: PORT=3000',
    }
  return {
    what: 'port',
    state: 'warning',
    finding: `${port} is taken (${problem})`,
    fix: `Stop what runs there, or set PORT=${port + 1}.`,
  }
}

function examineClock(): Examined {
  const now = new Date()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const finding = `${now.toISOString()} (${zone})`
  if (now.getUTCFullYear() >= EARLIEST_YEAR) return { what: 'clock', state: 'ok', finding }
  return { what: 'clock', state: 'error', finding, fix: 'Set the clock: tokens and certificates are checked by it.' }
}

/** Whether data can be written where the application runs, and whether there is room. */
function examineFolder({ folder }: Project): Examined {
  accessSync(folder, constants.R_OK)
  const data = join(folder, 'data')
  const isNew = !existsSync(data)
  if (isNew) mkdirSync(data)
  accessSync(data, constants.W_OK)
  if (isNew) rmdirSync(data)
  const { bavail, bsize } = statfsSync(folder)
  const free = `${Math.round((bavail * bsize) / 2 ** 20)} MB free`
  if (bavail * bsize >= LEAST_FREE_BYTES)
    return { what: 'folder', state: 'ok', finding: `${folder} can be written, ${free}` }
  return { what: 'folder', state: 'warning', finding: free, fix: 'Make room: logs, uploads and databases grow.' }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!
}
