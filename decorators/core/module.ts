/** `@Module`: what belongs together, and the forms in which a provider can be given. */
import { annotate } from '../annotate.ts'
import { callSite, type CallSite } from '../call-site.ts'
import { MetadataKey, type AbstractClass, type Class } from '../metadata.ts'
import type { Lifetime } from './injectable.ts'
import type { InjectionToken } from './token.ts'
import type { Condition } from './when.ts'

interface ProviderForm<T> {
  readonly provide: InjectionToken<T>
  /** Wins over other providers of the same token. */
  readonly primary?: boolean
  /** Takes part only under this condition. */
  readonly when?: Condition
}

export interface ClassProvider<T = any> extends ProviderForm<T> {
  readonly useClass: Class<T>
  /** Default: what the class says. */
  readonly scope?: Lifetime
}

export interface ValueProvider<T = any> extends ProviderForm<T> {
  readonly useValue: T
}

export interface FactoryProvider<T = any> extends ProviderForm<T> {
  /** May answer a promise: singletons are awaited at boot. */
  readonly useFactory: (...dependencies: any[]) => T | Promise<T>
  /** What the factory is called with, in order. */
  readonly inject?: readonly InjectionToken[]
  /** Default: `singleton`. A transient factory must be synchronous. */
  readonly scope?: Lifetime
}

export interface ExistingProvider<T = any> extends ProviderForm<T> {
  readonly useExisting: InjectionToken<T>
}

/** A class, or an object that says how a token is provided. */
export type Provider<T = any> =
  | Class<T>
  | ClassProvider<T>
  | ValueProvider<T>
  | FactoryProvider<T>
  | ExistingProvider<T>

/** A module together with settings: what `XModule.with(settings)` answers. */
export interface ConfiguredModule {
  readonly module: Class
  readonly config: Class<object>
  /** Wins over the environment; a function is called at boot and may ask for other providers. */
  readonly settings: ModuleSettings
  readonly at: CallSite
}

/** Reads from the container while it is being built. */
export type Resolve = <T>(token: InjectionToken<T>) => Promise<T>

export type ModuleSettings = object | ((resolve: Resolve) => object | Promise<object>)

/** A module that is loaded at boot only when its condition holds. */
export interface LazyModule {
  readonly load: () => Promise<unknown>
  readonly when?: Condition
  readonly at: CallSite
}

export type ModuleImport = Class | ConfiguredModule | LazyModule

export interface ModuleOptions {
  /** Modules this one builds on. Order is irrelevant; a module imported twice is there once. */
  readonly imports?: readonly ModuleImport[]
  readonly controllers?: readonly Class[]
  readonly providers?: readonly Provider[]
  /** Interceptors of the whole application that this module brings. */
  readonly interceptors?: readonly Class[]
  /** Tokens that only this module may use. Everything else it provides is visible to all. */
  readonly internal?: readonly InjectionToken[]
  /** Entities of this module, for the data module. */
  readonly entities?: readonly AbstractClass[]
  /** Migrations that make the tables of `entities`: they run with those of the application, in the order of their time stamps. */
  readonly migrations?: readonly Class[]
  /** Check rules this module adds; see `CheckRule`. */
  readonly rules?: readonly unknown[]
}

export const MODULE = new MetadataKey<ModuleOptions>('core.module')

/** Declares what belongs together. */
export function Module(options: ModuleOptions = {}): ClassDecorator {
  return annotate(MODULE, options)
}

/**
 * An import that is loaded at boot, and not at all when its condition fails: its files are never read.
 * @param load - `() => import('./reports-module.js')`; the file exports exactly one `@Module` class.
 */
export function lazy(load: () => Promise<unknown>, options: { readonly when?: Condition } = {}): LazyModule {
  return { load, at: callSite(), ...options }
}
