/**
 * The effective environment: the variables of the process and of the `.env` files, each with the place it came from.
 * Read once, at the start; everything after that reads this object and never `process.env`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { EnvironmentNameInvalid, EnvironmentNameMisleading, EnvFileUnreadable } from './config-errors.ts'

/** Where a variable came from: `process`, or the name of the file, such as `.env.local`. */
export type VariableOrigin = 'process' | `.env${string}`

export type Variables = Readonly<Record<string, string | undefined>>

/** The environment an application runs in. Immutable, and injectable. */
export class Environment {
  /** `development`, `test`, `production`, or a name of your own. */
  readonly name: string
  readonly isProduction: boolean
  readonly isDevelopment: boolean
  readonly isTest: boolean
  /** The effective variables, `.env` files included. */
  readonly variables: Variables
  readonly #origins: ReadonlyMap<string, VariableOrigin>

  constructor(name: string, variables: Variables, origins: ReadonlyMap<string, VariableOrigin> = new Map()) {
    this.name = name
    this.isProduction = name === 'production'
    this.isDevelopment = name === 'development'
    this.isTest = name === 'test'
    this.variables = Object.freeze(Object.assign(Object.create(null), variables) as Variables)
    this.#origins = origins
    Object.freeze(this)
  }

  /** Where the effective value of a variable came from; `undefined` when it is not set. */
  originOf(variable: string): VariableOrigin | undefined {
    return this.variables[variable] === undefined ? undefined : (this.#origins.get(variable) ?? 'process')
  }
}

export interface EnvironmentSources {
  /** Folder of the `.env` files. Default: the working directory. */
  readonly cwd?: string
  /** Variables of the process. Default: `process.env`. */
  readonly env?: Variables
}

/**
 * Reads the environment. The process wins over `.env.<name>.local`, then `.env.local` (not in test, so that tests
 * mean the same on every machine), `.env.<name>` and `.env`. The name is `TENON_ENV`, else `NODE_ENV`, of the process;
 * else `development`.
 * @throws `CONFIG_ENVIRONMENT_NAME_INVALID` when the name could not be part of a file name.
 * @throws `CONFIG_ENVIRONMENT_NAME_MISLEADING` when it is meant to be production and would not be: `prod`, `Production`.
 * @throws `CONFIG_FILE_UNREADABLE` when a `.env` file is there and cannot be read.
 */
export function readEnvironment({ cwd = process.cwd(), env = process.env }: EnvironmentSources = {}): Environment {
  const name = nameOf(env)
  const variables: Record<string, string | undefined> = Object.create(null) as Record<string, string | undefined>
  const origins = new Map<string, VariableOrigin>()
  const take = (origin: VariableOrigin, found: Variables): void => {
    for (const [variable, value] of Object.entries(found)) {
      if (value === undefined || origins.has(variable)) continue
      variables[variable] = value
      origins.set(variable, origin)
    }
  }

  take('process', env)
  for (const file of filesOf(name)) take(file, readEnvFile(join(cwd, file)))
  return new Environment(name, variables, origins)
}

/** Strongest first. */
function filesOf(name: string): readonly VariableOrigin[] {
  return [`.env.${name}.local`, ...(name === 'test' ? [] : ['.env.local' as const]), `.env.${name}`, '.env']
}

function nameOf(env: Variables): string {
  const variable = env['TENON_ENV'] ? 'TENON_ENV' : 'NODE_ENV'
  const name = env[variable] || 'development'
  if (!/^[A-Za-z0-9][\w-]*$/.test(name)) throw new EnvironmentNameInvalid(variable, name)
  if (/^prod(uction)?$/i.test(name) && name !== 'production') throw new EnvironmentNameMisleading(variable, name)
  return name
}

function readEnvFile(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new EnvFileUnreadable(path, (error as NodeJS.ErrnoException).code ?? 'unknown').causedBy(error)
  }
}
