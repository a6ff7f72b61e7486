/** What an HTTP endpoint takes and answers by declaration: the same decisions that are compiled, as data for documents. */
import { HTTP_CODE, REDIRECT, type Class, type RedirectFact } from '../../decorators/index.ts'
import { describeProblem, type DescribedProblem } from '../pipeline/description.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { isDto } from '../validation/validation-metadata.ts'
import { ValidationFailed } from '../validation/validation-errors.ts'
import { producedType } from './negotiate.ts'
import { bodyForms, uploadRules } from './prepare-input.ts'
import type { BodyForm } from './read-body.ts'
import {
  BodyKeyDuplicate,
  BodyKeyForbidden,
  BodyMalformed,
  BodyMissing,
  BodyTooDeep,
  BodyTooLarge,
  MediaTypeUnsupported,
  ParameterInvalid,
  UploadCountExceeded,
  UploadMissing,
  UploadTooLarge,
  UploadTypeRefused,
  UploadUnexpected,
} from './request-errors.ts'

/** Files of a form. */
export interface UploadDescription {
  /** The form's field. */
  readonly field: string
  /** One file that must be there, or a list that may be empty. */
  readonly isMany: boolean
  readonly maxCount: number
  readonly maxBytes: number
  /** Media types taken; `undefined` for all. */
  readonly types: readonly string[] | undefined
}

export interface RouteDescription {
  /** How a body may be sent; empty where none is read. */
  readonly bodyForms: readonly BodyForm[]
  /** Then the body is a form with files. */
  readonly upload: UploadDescription | undefined
  /** Of a successful answer with a value. Without a value it is 204, unless declared. */
  readonly status: number
  readonly isStatusDeclared: boolean
  /** The media type of the answer, where something declares it. */
  readonly produces: string | undefined
  readonly redirect: RedirectFact | undefined
  /** The handler writes the answer by itself. */
  readonly isUnmanaged: boolean
  /** What is answered before the handler is reached, because of what the handler takes. */
  readonly problems: readonly DescribedProblem[]
}

/** @returns `undefined` for what is not reached over HTTP. */
export function describeRoute(endpoint: Endpoint): RouteDescription | undefined {
  const { route, parameters } = endpoint
  if (!route) return undefined
  const rules = uploadRules(endpoint)
  const upload = rules && {
    field: rules.field,
    isMany: parameters.some(({ source }) => source?.kind === 'files'),
    maxCount: rules.maxCount,
    maxBytes: rules.maxBytes,
    types: rules.types,
  }
  const forms = upload ? [] : [...bodyForms(parameters)]
  const declared = endpoint.read(HTTP_CODE) ?? route.status
  return {
    bodyForms: forms,
    upload,
    status: declared ?? (route.method === 'POST' ? 201 : 200),
    isStatusDeclared: declared !== undefined,
    produces: producedType(endpoint),
    redirect: endpoint.read(REDIRECT),
    isUnmanaged: parameters.some(({ source }) => source?.kind === 'response'),
    problems: [...inputProblems(endpoint), ...bodyProblems(endpoint, forms, upload !== undefined)],
  }
}

const BOUND: ReadonlySet<string | undefined> = new Set(['body', 'query', 'param', 'header', 'cookie'])
const CONVERTED: ReadonlySet<unknown> = new Set([Number, Boolean, Date, BigInt])

function inputProblems({ parameters }: Endpoint): readonly DescribedProblem[] {
  const bound = parameters.filter(({ source }) => BOUND.has(source?.kind))
  const isValidated = bound.some(
    ({ source, type }) =>
      (source && 'options' in source && source.options.schema !== undefined) ||
      (typeof type === 'function' && isDto(type as Class)),
  )
  const isConverted = bound.some(({ type }) => CONVERTED.has(type))
  return [
    ...(isValidated ? [describeProblem(ValidationFailed, 'a field breaks its rules')] : []),
    ...(bound.some(({ source }) => source?.kind === 'query' || source?.kind === 'body')
      ? [describeProblem(BodyKeyForbidden, 'a key would change how objects behave')]
      : []),
    ...(isConverted ? [describeProblem(ParameterInvalid, 'a parameter is not of the declared type')] : []),
  ]
}

function bodyProblems(endpoint: Endpoint, forms: readonly BodyForm[], hasUpload: boolean): readonly DescribedProblem[] {
  const tooLarge = describeProblem(BodyTooLarge, 'the body is too large')
  const otherType = describeProblem(MediaTypeUnsupported, 'the body is of another type')
  if (hasUpload) {
    const isNeeded = endpoint.parameters.some(({ source }) => source?.kind === 'file')
    return [
      ...(isNeeded ? [describeProblem(UploadMissing, 'the form has no file')] : []),
      describeProblem(UploadUnexpected, 'a file stands in another field'),
      describeProblem(BodyMalformed, 'the form cannot be read'),
      describeProblem(BodyTooLarge, 'the other fields are too large'),
      describeProblem(UploadTooLarge, 'a file is too large'),
      describeProblem(UploadCountExceeded, 'there are too many files'),
      otherType,
      describeProblem(UploadTypeRefused, 'a file is of another type'),
    ]
  }
  if (forms.length === 0) return []
  const needsBody = endpoint.parameters.some(
    ({ source, type }) => source?.kind === 'body' && typeof type === 'function' && isDto(type as Class),
  )
  return [
    ...(needsBody ? [describeProblem(BodyMissing, 'there is no body')] : []),
    describeProblem(BodyMalformed, 'the body cannot be read'),
    ...(forms.includes('json')
      ? [
          describeProblem(BodyKeyDuplicate, 'an object names a key twice'),
          describeProblem(BodyTooDeep, 'the body is nested too deeply'),
        ]
      : []),
    tooLarge,
    ...(forms.includes('bytes') ? [] : [otherType]),
  ]
}
