/** What a compiled validator is, whoever compiles it. */
import type { Class } from '../../decorators/index.ts'
import type { BackEnd } from './code-scope.ts'

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
  /** How functions are made. Default: `code`, and `closures` where the runtime generates no code from text. */
  readonly backEnd?: BackEnd
}

/**
 * Unknown in, instance out; a promise of it when a rule answers one.
 * @throws `VALIDATION_FAILED` with every broken rule.
 */
export type Validator = (value: unknown) => unknown
