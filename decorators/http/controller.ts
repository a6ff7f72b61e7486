/** `@Controller`: a class whose methods are endpoints under one path. */
import { annotate } from '../annotate.ts'
import { INJECTABLE } from '../core/injectable.ts'
import { MetadataKey } from '../metadata.ts'

export interface ControllerOptions {
  /** Prefix of every route. Default: none. */
  readonly path?: string
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
