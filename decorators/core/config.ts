/** `@Config` classes and their `@Env` fields: settings read from the environment and validated at boot. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'
import { INJECTABLE } from './injectable.ts'
import type { Surroundings } from './when.ts'

export interface EnvFact {
  /** The environment variable. */
  readonly variable: string
  readonly options: EnvOptions
}

/** A value of the field, or text that is converted to it. */
export type EnvDefault = string | number | boolean | bigint | Date | URL | readonly (string | number)[]

export interface EnvOptions {
  /**
   * Taken when the variable is not set; a function is asked with the `Surroundings`. Without a default, an initializer
   * and `optional`, the variable is required.
   */
  readonly default?: EnvDefault | ((surroundings: Surroundings) => unknown)
  /** The field may stay `undefined`. */
  readonly optional?: boolean
  /** Never printed, masked in logs and reports. */
  readonly secret?: boolean
  /** One line for `.env.example` and `tenon config`. */
  readonly description?: string
  /** The only values allowed. */
  readonly oneOf?: readonly (string | number)[]
  /** Smallest number allowed. */
  readonly min?: number
  /** Largest number allowed. */
  readonly max?: number
  /** Turns the text into a value itself: any Standard Schema object (zod, valibot, ...). */
  readonly schema?: unknown
}

export const CONFIG = new MetadataKey<string>('core.config')
/** On the property it stands above. */
export const ENV = new MetadataKey<EnvFact>('core.env')

/**
 * A class of settings, injectable without being listed anywhere.
 * @param name - The section's name in reports: `db`, `mail`.
 */
export function Config(name: string): ClassDecorator {
  const named = annotate(CONFIG, name)
  const injectable = annotate(INJECTABLE, { scope: 'singleton', stereotype: 'config' })
  return (target) => {
    named(target)
    injectable(target)
  }
}

/**
 * Reads the field from an environment variable, converted to the field's type (`string number boolean Date URL`,
 * comma-separated for arrays).
 * @param variable - One that ends in `*` stands for all that begin so: the field is an object of their texts, by what stands
 *   in place of the `*`. It stays `undefined` where none is set.
 * @example `@Env('DATABASE_URL_*', { secret: true }) readonly urls?: Readonly<Record<string, string>>`
 */
export function Env(variable: string, options: EnvOptions = {}): PropertyDecorator {
  return annotate(ENV, { variable, options })
}
