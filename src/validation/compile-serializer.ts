/**
 * From the metadata of a model class to one function: whatever the handler answered in, a plain value for
 * `JSON.stringify` out, with the declared fields and no others.
 *
 * Dates become ISO 8601 text, `bigint` decimal text, `Buffer` and `Uint8Array` base64, a `Map` an object, a `Set` a list.
 */
import type { Class } from '../../decorators/index.ts'
import { AnswerWriter } from './answer-writer.ts'
import { canGenerateCode } from '../platform/can-generate-code.ts'
import type { BackEnd } from './code-scope.ts'
import { OutputModels } from './output-model.ts'
import { isWritable } from './plain-values.ts'
import { QuickShapes } from './quick-shapes.ts'
import { NOT_QUICK } from './quick-values.ts'

export interface SerializerOptions {
  /** The answer is a list of the model. Default: `false`. */
  readonly array?: boolean
  /** Groups of class-transformer: fields exposed for others do not leave. */
  readonly groups?: readonly string[]
  /** How functions are made. Default: `code`, and `closures` where the runtime generates no code from text. */
  readonly backEnd?: BackEnd
}

/**
 * What a handler answered in, a plain value for `JSON.stringify` out.
 * @throws `SERIALIZE_MODEL_MISMATCH` when it is not what was declared, `SERIALIZE_CIRCULAR` when it contains itself.
 */
export type Serializer = (value: unknown) => unknown

/** Makes the serializer of a model, once, at boot; what can be compiled is compiled when the first answer comes. */
export async function compileSerializer(
  type: Class,
  { array = false, groups = [], backEnd = canGenerateCode() ? 'code' : 'closures' }: SerializerOptions = {},
): Promise<Serializer> {
  // What the model's decorators recorded can be read once the library is there, and a model without any needs none.
  const models = new OutputModels(groups)
  const writer = new AnswerWriter(type, models, groups)
  const shapes = new QuickShapes(models, groups, backEnd)
  const shape = shapes.of(models.of(type))

  const one = (value: unknown): unknown => shape.write(writable(value), 1)
  const many = (value: unknown): unknown => {
    if (!Array.isArray(value)) throw NOT_QUICK
    const list: unknown[] = []
    for (const each of value) list.push(shape.write(writable(each), 1))
    return list
  }
  const quick = array ? many : one
  const exact = array ? (value: unknown) => writer.list(value) : (value: unknown) => writer.answer(value)
  return (value) => {
    try {
      return quick(value)
    } catch (error) {
      if (error === NOT_QUICK) return exact(value)
      throw error
    }
  }
}

function writable(value: unknown): object {
  if (isWritable(value)) return value
  throw NOT_QUICK
}
