/** `@Controller`: a class whose methods are endpoints under one path. */
import { annotate } from '../annotate.ts'
import { INJECTABLE } from '../core/injectable.ts'
import type { Surroundings } from '../core/when.ts'
import { MetadataKey } from '../metadata.ts'

/** What a path may be chosen by: known before anything is built. */
export interface PathSurroundings extends Surroundings {
  /** What `XModule.with(settings)` was given for the controller's module; empty where a function makes it. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface ControllerOptions {
  /** Prefix of every route. Default: none. */
  readonly path?: string
  /** The prefix where the application chooses it; `undefined` leaves it at `path`. For controllers of modules. */
  readonly pathFrom?: (surroundings: PathSurroundings) => string | undefined
  /** API versions; read by the versioning module. */
  readonly version?: string | readonly string[]
  /** Groups in API documents. Default: the class name without `Controller`. */
  readonly tags?: readonly string[]
}

export const CONTROLLER = new MetadataKey<ControllerOptions>('http.controller')

/** @example `@Controller('/tickets')`, `@Controller({ path: '/tickets', tags: ['Support'] })` */
export function Controller(path: string | ControllerOptions = {}): ClassDecorator {
  const controller = annotate(CONTROLLER, typeof path === 'string' ? { path } : path)
  const injectable = annotate(INJECTABLE, { scope: 'singleton', stereotype: 'controller' })
  return (target) => {
    controller(target)
    injectable(target)
  }
}
