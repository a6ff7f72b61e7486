/** Decorators of the language whose arguments are functions, with the kernel's types: here the context is known. */
import {
  createParamDecorator as anyParamDecorator,
  Use as useAny,
  type Class,
  type ClassOrMethodDecorator,
} from '../../decorators/index.ts'
import type { CallContext } from './context.ts'
import type { Around, CallInterceptor, EndpointInterceptor, Guard } from './interceptor.ts'

/** Anything that can stand around a handler. */
export type AnyInterceptor = EndpointInterceptor | CallInterceptor | Guard

/**
 * Applies interceptors to a method, to all methods of a class, to a module's controllers, or (root module) to all.
 * Takes classes (built by the container), instances and functions.
 */
export const Use: (...used: readonly (Class<AnyInterceptor> | AnyInterceptor | Around)[]) => ClassOrMethodDecorator =
  useAny

/**
 * Makes a parameter decorator of your own.
 * @example `export const Agent = createParamDecorator((_: void, context) => context.header('user-agent'))`
 */
export const createParamDecorator: <D = void>(
  factory: (data: D, context: CallContext) => unknown,
) => (data: D) => ParameterDecorator = anyParamDecorator
