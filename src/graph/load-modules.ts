/** Collects all modules an application reaches, loading lazy ones whose condition holds. */
import {
  callSite,
  CONDITIONS,
  MODULE,
  UNKNOWN_SITE,
  type CallSite,
  type Class,
  type Condition,
  type ConfiguredModule,
  type LazyModule,
  type ModuleImport,
  type Surroundings,
} from '../../decorators/index.ts'
import type { Diagnostic } from '../check/diagnostic.ts'
import { holds } from './conditions.ts'
import type { ModuleModel } from './module-graph.ts'
import { ImportNotAModule, LazyModuleEmpty, ModuleConfiguredTwice } from './wiring-diagnostics.ts'

export interface LoadedModules {
  /** Imported ones before those that import them. */
  readonly modules: readonly ModuleModel[]
  readonly configured: ReadonlyMap<Class, ConfiguredModule>
  readonly findings: readonly Diagnostic[]
}

/**
 * @param roots - Kernel and application modules, in order.
 * @param at - Where the roots were named. Default: where this was called.
 */
export async function loadModules(
  roots: readonly ModuleImport[],
  surroundings: Surroundings,
  at: CallSite = callSite(1),
): Promise<LoadedModules> {
  const loader = new ModuleLoader(surroundings)
  for (const root of roots) await loader.load(root, 'createApp', at)
  return { modules: [...loader.models.values()], configured: loader.configured, findings: loader.findings }
}

class ModuleLoader {
  readonly models = new Map<Class, ModuleModel>()
  readonly configured = new Map<Class, ConfiguredModule>()
  readonly findings: Diagnostic[] = []
  readonly #surroundings: Surroundings
  readonly #entered = new Set<Class>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** @returns the module's class, when it takes part. */
  async load(item: ModuleImport | undefined, importer: string, at: CallSite): Promise<Class | undefined> {
    if (isLazy(item)) {
      const type = await this.#open(item, importer)
      return type && this.load(type, importer, item.at)
    }
    const type = isConfigured(item) ? item.module : item
    if (typeof type !== 'function' || !MODULE.writtenHere(type)) {
      const found = typeof type === 'function' ? type.name : String(type)
      this.findings.push(ImportNotAModule({ at }, importer, found))
      return undefined
    }
    if (!CONDITIONS.writtenHere(type).every(({ value }) => this.#holds(value))) return undefined
    if (isConfigured(item)) this.#configure(item)
    await this.#enter(type)
    return type
  }

  async #enter(type: Class): Promise<void> {
    if (this.#entered.has(type)) return
    this.#entered.add(type)
    const { value: options, at } = MODULE.writtenHere(type) ?? { value: {}, at: UNKNOWN_SITE }
    const imports: Class[] = []
    for (const each of options.imports ?? []) {
      const imported = await this.load(each, type.name, at)
      if (imported) imports.push(imported)
    }
    this.models.set(type, { type, name: type.name, options, imports, at })
  }

  #configure(item: ConfiguredModule): void {
    const earlier = this.configured.get(item.module)
    if (earlier && earlier !== item) this.findings.push(ModuleConfiguredTwice({ at: item.at }, item.module.name))
    else this.configured.set(item.module, item)
  }

  async #open({ load, when, at }: LazyModule, importer: string): Promise<Class | undefined> {
    if (when && !this.#holds(when)) return undefined
    const found = Object.values((await load()) as Record<string, unknown>).filter(
      (each): each is Class => typeof each === 'function' && MODULE.writtenHere(each) !== undefined,
    )
    if (found.length === 1) return found[0]
    this.findings.push(LazyModuleEmpty({ at }, importer, found.length))
    return undefined
  }

  /** Nothing is provided yet, so only the surroundings can decide. */
  #holds(condition: Condition): boolean {
    return holds(condition, this.#surroundings, () => false)
  }
}

function isLazy(item: ModuleImport | undefined): item is LazyModule {
  return typeof item === 'object' && 'load' in item
}

function isConfigured(item: ModuleImport | undefined): item is ConfiguredModule {
  return typeof item === 'object' && 'module' in item
}
