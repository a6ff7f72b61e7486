/** Turns every form a provider can be given in into one model. */
import {
  CONDITIONS,
  CONFIG,
  decoratedMembers,
  emittedReturnType,
  INJECTABLE,
  INTERCEPTOR,
  PRIMARY,
  PROVIDE,
  Token,
  type AbstractClass,
  type Class,
  type Condition,
  type InjectionToken,
  type MemberName,
  type Provider,
} from '../../decorators/index.ts'
import type { Diagnostic } from '../check/diagnostic.ts'
import { nameOf, type ModuleModel, type ProviderModel } from './module-graph.ts'
import { readDependencies } from './read-dependencies.ts'
import { ProviderInvalid, ProvideTokenMissing } from './wiring-diagnostics.ts'

/** A provider that may turn out not to take part. */
export interface ConditionalProvider {
  readonly provider: ProviderModel
  readonly conditions: readonly Condition[]
}

/** All that a module itself provides: the module class, its lists, and its `@Provide` methods. */
export function readProviders(module: ModuleModel, findings: Diagnostic[]): readonly ConditionalProvider[] {
  const { providers = [], controllers = [], interceptors = [] } = module.options
  // A controller that is no class is found again, and reported, where endpoints are read.
  const classes = controllers.filter((each) => typeof each === 'function')
  const listed = [...providers, ...classes, ...interceptors].flatMap((each) => {
    const read = readProvider(each, module)
    if (!read) findings.push(ProviderInvalid({ at: module.at }, module.name, describe(each)))
    return read ?? []
  })
  return [{ provider: classProvider(module.type, module), conditions: [] }, ...listed, ...readMethods(module, findings)]
}

/** A class that is provided without being listed: used interceptors and config classes. */
export function classProvider(type: Class, module: ModuleModel, token: InjectionToken = type): ProviderModel {
  const injectable = INJECTABLE.written(type)
  const at = injectable?.at ?? INTERCEPTOR.written(type)?.at ?? CONFIG.written(type)?.at ?? module.at
  return {
    token,
    name: nameOf(token),
    kind: 'class',
    stereotype: injectable?.value.stereotype,
    implementation: type,
    member: undefined,
    lifetime: injectable?.value.scope ?? 'singleton',
    dependencies: readDependencies(type, undefined, type.length, at),
    primary: PRIMARY.read(type) === true,
    internal: module.options.internal?.includes(token) ?? false,
    module,
    at,
    create: (...dependencies) => new type(...dependencies),
  }
}

/** One entry of a module's list; `undefined` when it is none. */
export function readProvider(given: Provider | undefined, module: ModuleModel): ConditionalProvider | undefined {
  if (typeof given === 'function') {
    return { provider: classProvider(given, module), conditions: CONDITIONS.read(given) }
  }
  if (typeof given !== 'object' || given === null || !isToken(given.provide)) return undefined
  const provider = readForm(given, module)
  if (!provider) return undefined
  const conditions = [
    ...(given.when ? [given.when] : []),
    ...('useClass' in given && typeof given.useClass === 'function' ? CONDITIONS.read(given.useClass) : []),
  ]
  return { provider: { ...provider, primary: given.primary ?? provider.primary }, conditions }
}

function readForm(given: Exclude<Provider, Class>, module: ModuleModel): ProviderModel | undefined {
  const { provide: token } = given
  const plain = {
    token,
    name: nameOf(token),
    stereotype: undefined,
    implementation: undefined,
    member: undefined,
    lifetime: 'singleton',
    dependencies: [],
    primary: false,
    internal: module.options.internal?.includes(token) ?? false,
    module,
    at: module.at,
  } as const
  if ('useClass' in given) {
    if (typeof given.useClass !== 'function') return undefined
    const provider = classProvider(given.useClass, module, token)
    return { ...provider, lifetime: given.scope ?? provider.lifetime }
  }
  if ('useFactory' in given) {
    if (typeof given.useFactory !== 'function') return undefined
    const dependencies = (given.inject ?? []).map((asked, index) => asks(asked, index, module))
    return { ...plain, kind: 'factory', lifetime: given.scope ?? 'singleton', dependencies, create: given.useFactory }
  }
  if ('useExisting' in given) {
    const dependencies = [asks(given.useExisting, 0, module)]
    return { ...plain, kind: 'existing', lifetime: 'transient', dependencies, create: (existing) => existing }
  }
  return 'useValue' in given ? { ...plain, kind: 'value', create: () => given.useValue as unknown } : undefined
}

function asks(
  token: InjectionToken | undefined,
  index: number,
  { at }: ModuleModel,
): ProviderModel['dependencies'][number] {
  return { index, token: isToken(token) ? token : undefined, emitted: token, many: false, optional: false, at }
}

function readMethods(module: ModuleModel, findings: Diagnostic[]): readonly ConditionalProvider[] {
  return decoratedMembers(module.type).flatMap((member) => {
    const written = PROVIDE.written(module.type, member)
    if (!written) return []
    const { value: fact, at } = written
    const token = fact.token ?? returnedToken(module.type, member)
    if (!token) {
      findings.push(ProvideTokenMissing({ at }, `${module.name}.${String(member)}`))
      return []
    }
    const prototype = module.type.prototype as Record<MemberName, (...args: unknown[]) => unknown>
    const parameters = readDependencies(prototype, member, prototype[member]?.length ?? 0, at)
    const owner = { index: -1, token: module.type, emitted: module.type, many: false, optional: false, at }
    const provider: ProviderModel = {
      token,
      name: nameOf(token),
      kind: 'method',
      stereotype: undefined,
      implementation: undefined,
      member,
      lifetime: fact.scope,
      dependencies: [owner, ...parameters],
      primary: PRIMARY.read(module.type, member) === true,
      internal: module.options.internal?.includes(token) ?? false,
      module,
      at,
      create: (instance, ...dependencies) =>
        (instance as Record<MemberName, (...args: unknown[]) => unknown>)[member]?.(...dependencies),
    }
    return { provider, conditions: CONDITIONS.read(module.type, member) }
  })
}

function returnedToken(type: Class, member: MemberName): InjectionToken | undefined {
  const returned = emittedReturnType(type, member)
  const tellsNothing = [Object, Promise, Function, Array, String, Number, Boolean, undefined] as unknown[]
  return tellsNothing.includes(returned) ? undefined : (returned as AbstractClass)
}

function isToken(value: unknown): value is InjectionToken {
  return typeof value === 'function' || value instanceof Token
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return 'provide' in value && isToken(value.provide)
    ? `{ provide: ${nameOf(value.provide)} }`
    : 'an object without a token'
}
