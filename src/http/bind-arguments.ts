/**
 * From a request to the arguments of a handler. Everything that the decorators said is read at boot and becomes one
 * small function per parameter; a call runs these and nothing else.
 *
 * Whether a parameter is optional cannot be seen at run time (`?` and default values are erased), so a scalar from
 * query, header, cookie or body that is not there is `undefined`, and the handler's default value applies. A path
 * parameter is always there. What must be there belongs in a DTO.
 */
import { VALIDATE } from '../../decorators/index.ts'
import { isPromise } from '../pipeline/after.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { InputTransform } from '../pipeline/interceptor.ts'
import { CallInput } from './call-input.ts'
import { compileArgument, type ArgumentReader } from './compile-argument.ts'
import { compilePreparation } from './prepare-input.ts'
import type { ReadAhead } from './read-body.ts'
import type { HttpConfig } from './http-config.ts'
import type { HttpContext } from './http-context.ts'

export interface BinderOptions {
  readonly config: HttpConfig
  /** Applied to what arrived, in this order. Default: none. */
  readonly inputs?: readonly InputTransform[]
}

export interface Binder {
  /** Gives a call its `args`. Synchronous as long as everything it needs is at hand. */
  bind(context: HttpContext): void | Promise<void>
  /** Reads the body that they need before; where none is needed there is nothing to read. */
  readonly readAhead: ReadAhead | undefined
}

type Arguments = readonly unknown[] | Promise<readonly unknown[]>

/**
 * Makes the binder of an endpoint; `undefined` when its handler has no parameters.
 * @throws `REQUEST_UPLOADS_SEVERAL`; from the binder `REQUEST_*` and `VALIDATION_FAILED`.
 */
export async function compileBinder(
  endpoint: Endpoint,
  { config, inputs = [] }: BinderOptions,
): Promise<Binder | undefined> {
  const { parameters } = endpoint
  if (parameters.length === 0) return undefined
  const validation = endpoint.read(VALIDATE) ?? {}
  const readers: ArgumentReader[] = Array.from(
    { length: Math.max(...parameters.map(({ index }) => index)) + 1 },
    () => nothing,
  )
  for (const parameter of parameters) {
    if (parameter.source)
      readers[parameter.index] = await compileArgument(endpoint, parameter, parameter.source, validation)
  }

  const read = argumentReader(readers)
  const prepare = compilePreparation(endpoint, config)
  const bind = (input: CallInput): void | Promise<void> => {
    const args = read(inputs.length === 0 ? input : input.transform(inputs))
    if (isPromise<readonly unknown[]>(args)) return args.then((values) => void (input.context.args = values))
    input.context.args = args
  }
  if (!prepare) return { bind: (context) => bind(new CallInput(context)), readAhead: undefined }
  return {
    bind: (context) => {
      const input = new CallInput(context)
      return prepare.read(input, () => bind(input))
    },
    readAhead: prepare.ahead,
  }
}

/** Most handlers take one or two arguments. */
function argumentReader(readers: readonly ArgumentReader[]): (input: CallInput) => Arguments {
  const [first, second] = readers
  if (first && readers.length === 1) return (input) => readOne(first, input)
  if (first && second && readers.length === 2) return (input) => readTwo(first, second, input)
  return (input) => readAll(readers, input)
}

function readOne(read: ArgumentReader, input: CallInput): Arguments {
  const value = read(input)
  return isPromise(value) ? Promise.resolve(value).then((settled) => [settled]) : [value]
}

function readTwo(first: ArgumentReader, second: ArgumentReader, input: CallInput): Arguments {
  const one = first(input)
  if (isPromise(one)) return readAll([() => one, second], input)
  const two = second(input)
  return isPromise(two) ? Promise.all([one, two]) : [one, two]
}

function nothing(): undefined {
  return undefined
}

function readAll(readers: readonly ArgumentReader[], input: CallInput): Arguments {
  const values: unknown[] = []
  let isPending = false
  try {
    for (const read of readers) {
      const value = read(input)
      values.push(value)
      if (isPromise(value)) isPending = true
    }
  } catch (error) {
    // Those already under way have nobody to report to.
    for (const value of values) if (isPromise(value)) value.then(nothing, nothing)
    throw error
  }
  return isPending ? Promise.all(values) : values
}
