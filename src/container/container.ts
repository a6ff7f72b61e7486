/**
 * The container: inversify as the resolver behind the proved graph, and the only file that knows it.
 * What inversify's own checks would find late has been found by the check before; here things are only built.
 * `#inversify` is the package in one file (scripts/bundle.js): its hundreds of files cost more than a whole start.
 */
import { Container as Inversify } from '#inversify'

import { UNKNOWN_SITE, type Class, type InjectionToken } from '../../decorators/index.ts'
import { ResolutionPaths } from '../check/resolution-path.ts'
import { StartRefused } from '../check/start-refused.ts'
import { nameOf, type DependencyModel, type ModuleGraph, type ProviderModel } from '../graph/module-graph.ts'
import { readDependencies } from '../graph/read-dependencies.ts'
import { canGenerateCode } from '../platform/can-generate-code.ts'
import { ConstructionCycle, ConstructionFailed, ProviderAmbiguous, ProviderNotFound } from './container-errors.ts'
import { constructing } from './inject.ts'
import { orderProviders } from './order-providers.ts'

/** Changes an instance after it was built: where intercepted methods are put in. */
export type Activation = (instance: object, provider: ProviderModel) => void

/** Adapts a value to its receiver, by the receiver's name: a log that carries the class name. */
export type ForReceiver = (value: unknown, receiver: string) => unknown

/**
 * Dynamic access to providers. Injecting it hides what a class needs from the check, so prefer constructor
 * parameters; it is for plug-in points that only know a class at run time.
 */
export class Container {
  readonly #graph: ModuleGraph
  readonly #inversify = new Inversify({ jitless: !canGenerateCode() })
  readonly #keys = new Map<ProviderModel, symbol>()
  readonly #building: ProviderModel[] = []
  readonly #activations: Activation[] = []
  readonly #forReceivers: ReadonlyMap<InjectionToken, ForReceiver>

  /** @param forReceivers - Tokens whose value is adapted to the class that receives it. */
  constructor(graph: ModuleGraph, forReceivers: ReadonlyMap<InjectionToken, ForReceiver> = new Map()) {
    this.#graph = graph
    this.#forReceivers = forReceivers
    for (const provider of graph.providers) this.#keys.set(provider, Symbol(provider.name))
    for (const [provider, key] of this.#keys) this.#bind(provider, key)
  }

  /**
   * The instance for `token`; a transient is built anew.
   * @throws `CONTAINER_PROVIDER_NOT_FOUND`, `CONTAINER_PROVIDER_AMBIGUOUS`.
   */
  get<T>(token: InjectionToken<T>): T {
    return this.#inversify.get<T>(this.#keyOf(token))
  }

  /** Like `get`, and waits for asynchronous factories. */
  resolve<T>(token: InjectionToken<T>): Promise<T> {
    return this.#inversify.getAsync<T>(this.#keyOf(token))
  }

  /** Everything provided for `token`, in the order of the modules. */
  getAll<T>(token: InjectionToken<T>): readonly T[] {
    return this.#graph.providersOf(token).map((provider) => this.#inversify.get<T>(this.#key(provider)))
  }

  /** The instance one provider stands for. */
  instanceOf(provider: ProviderModel): unknown {
    return this.#inversify.get(this.#key(provider))
  }

  /** Builds a class that nobody provides, with its dependencies injected. */
  create<T>(type: Class<T>): T {
    const dependencies = readDependencies(type, undefined, type.length, UNKNOWN_SITE)
    return constructing(
      (token) => this.#adapt(this.get(token), token, type.name),
      () => new type(...dependencies.map((dependency) => this.#supply(dependency, type.name))),
    )
  }

  /** @internal Adds a step that runs on everything built from now on. */
  onActivation(activation: Activation): void {
    this.#activations.push(activation)
  }

  /** @internal Builds every singleton once, dependencies first. */
  async buildSingletons(): Promise<readonly ProviderModel[]> {
    const singletons = orderProviders(this.#graph).filter((provider) => provider.lifetime === 'singleton')
    for (const provider of singletons) await this.#inversify.getAsync(this.#key(provider))
    return singletons
  }

  #bind(provider: ProviderModel, key: symbol): void {
    const asked = provider.dependencies.map((dependency) => this.#ask(dependency))
    const binding = this.#inversify
      .bind(key)
      .toResolvedValue((...dependencies: unknown[]) => this.#construct(provider, dependencies), asked as [])
    if (provider.lifetime === 'singleton') binding.inSingletonScope()
    else binding.inTransientScope()
  }

  /** How inversify finds one dependency: lists are bound to a key of their own, one per place that asks. */
  #ask({ token, many, optional }: DependencyModel): object {
    if (many && token) {
      const list = Symbol(`all ${nameOf(token)}`)
      for (const provider of this.#graph.providersOf(token)) this.#inversify.bind(list).toService(this.#key(provider))
      return { serviceIdentifier: list, isMultiple: true, optional: true }
    }
    const provider = token && this.#graph.providerOf(token)
    return { serviceIdentifier: provider ? this.#key(provider) : Symbol('nothing'), optional }
  }

  #construct(provider: ProviderModel, dependencies: readonly unknown[]): unknown {
    if (this.#building.includes(provider)) throw new ConstructionCycle(this.#pathOf([...this.#building, provider]))
    this.#building.push(provider)
    try {
      const made = constructing(
        (token) => this.#adapt(this.get(token), token, provider.name),
        () => provider.create(...this.#adaptAll(dependencies, provider)),
      )
      if (!(made instanceof Promise)) return this.#activate(made, provider)
      const building = [...this.#building]
      return made.then(
        (value: unknown) => this.#activate(value, provider),
        (error: unknown) => {
          throw this.#explain(error, building)
        },
      )
    } catch (error) {
      throw this.#explain(error, this.#building)
    } finally {
      this.#building.pop()
    }
  }

  #adaptAll(values: readonly unknown[], { dependencies, name }: ProviderModel): readonly unknown[] {
    return values.map((value, index) => this.#adapt(value, dependencies[index]?.token, name))
  }

  #adapt<T>(value: T, token: InjectionToken | undefined, receiver: string): T {
    const adapt = token && this.#forReceivers.get(token)
    return adapt ? (adapt(value, receiver) as T) : value
  }

  #activate(made: unknown, provider: ProviderModel): unknown {
    if (typeof made === 'object' && made !== null && provider.implementation) {
      for (const activation of this.#activations) activation(made, provider)
    }
    return made
  }

  #explain(error: unknown, building: readonly ProviderModel[]): unknown {
    // Each says by itself what is wrong where.
    if ([ConstructionFailed, ConstructionCycle, StartRefused].some((type) => error instanceof type)) return error
    const reason = error instanceof Error ? error.message : String(error)
    return new ConstructionFailed(this.#pathOf(building), reason).causedBy(error)
  }

  /** From what stands at the top of the wiring, over what `inject()` asked for, to what is being built. */
  #pathOf([outermost, ...further]: readonly ProviderModel[]): string {
    const names = further.map(({ name }) => name)
    return (outermost ? new ResolutionPaths(this.#graph).to(outermost, ...names) : names).join(' -> ')
  }

  #supply({ token, many, optional }: DependencyModel, asker: string): unknown {
    if (!token) throw new ProviderNotFound('a parameter without a type', asker)
    if (many) return this.getAll(token)
    if (optional && this.#graph.providersOf(token).length === 0) return undefined
    return this.#adapt(this.get(token), token, asker)
  }

  #keyOf(token: InjectionToken): symbol {
    const provider = this.#graph.providerOf(token)
    if (provider) return this.#key(provider)
    const count = this.#graph.providersOf(token).length
    if (count > 1) throw new ProviderAmbiguous(nameOf(token), count)
    throw new ProviderNotFound(nameOf(token), this.#building.map((each) => each.name).join(' -> '))
  }

  #key(provider: ProviderModel): symbol {
    const key = this.#keys.get(provider)
    if (!key) throw new ProviderNotFound(provider.name, '')
    return key
  }
}
