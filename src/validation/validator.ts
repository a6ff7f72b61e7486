/** What a compiled validator is, whoever compiles it. */
import type { Class } from '../../decorators/index.ts'

export interface ValidatorOptions {
  /** class-validator groups to check; without any, fields of every group are checked. */
  readonly groups?: readonly string[]
  /** `strict` refuses undeclared fields, `strip` drops them silently. */
  readonly mode: 'strict' | 'strip'
  /** Values are text (query, path, headers, forms) and are converted to the declared types. Default: `false`. */
  readonly fromText?: boolean
  /** What the pointers of errors begin with, such as `#/query`. Default: the body, `''`. */
  readonly pointer?: string
  /** The value is a list, and this is the type of its elements. */
  readonly array?: Class
}

/**
 * Unknown in, instance out.
 * @throws `VALIDATION_FAILED` with every broken rule.
 */
export type Validator = (value: unknown) => unknown
