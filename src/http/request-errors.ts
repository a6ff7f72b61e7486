/** What can be wrong with a request, as far as its head, its parameters and its body go. */
import { defineError } from '../errors/define-error.ts'
import { pointerTo } from '../validation/json-pointer.ts'

export const ParameterInvalid = defineError({
  code: 'REQUEST_PARAMETER_INVALID',
  status: 400,
  message: (_pointer: string, _rule: string, detail: string) => `The request is not valid: ${detail}.`,
  help: 'Correct the parameter; the pointer in errors says which, and the detail what it must be.',
  errors: (pointer, rule, detail) => [{ pointer, code: rule, detail }],
})

export const BodyMissing = defineError({
  code: 'REQUEST_BODY_MISSING',
  status: 400,
  message: (route: string) => `${route} needs a body, and the request has none.`,
  help: 'Send the fields as JSON with Content-Type: application/json.',
})

export const BodyMalformed = defineError({
  code: 'REQUEST_BODY_MALFORMED',
  status: 400,
  message: (reason: string) => `The body cannot be read: ${reason}.`,
  help: 'Send a complete body of the type that Content-Type says, in UTF-8.',
})

export const BodyKeyDuplicate = defineError({
  code: 'REQUEST_BODY_KEY_DUPLICATE',
  status: 400,
  message: (key: string, position: string) => `The body names the key "${key}" twice in one object, at ${position}.`,
  help: 'Name each key once; readers disagree on which of two would count.',
})

export const BodyKeyForbidden = defineError({
  code: 'REQUEST_BODY_KEY_FORBIDDEN',
  status: 400,
  message: (keys: string) => `The request has a key that would change how objects behave: ${keys}.`,
  help: 'Leave out __proto__ and constructor.prototype.',
})

export const BodyTooDeep = defineError({
  code: 'REQUEST_BODY_TOO_DEEP',
  status: 400,
  message: (maxDepth: number) => `The body is nested deeper than ${maxDepth} levels.`,
  help: 'Send a flatter body, or raise HTTP_MAX_BODY_DEPTH.',
})

export const BodyTooLarge = defineError({
  code: 'REQUEST_BODY_TOO_LARGE',
  status: 413,
  message: (maxBytes: number) => `The body is larger than ${maxBytes} bytes.`,
  help: 'Send less, raise HTTP_MAX_BODY_BYTES, or take large data as an @UploadedFile.',
})

export const BodyTimeout = defineError({
  code: 'REQUEST_BODY_TIMEOUT',
  status: 408,
  message: (silenceMs: number) => `No byte of the body came for ${silenceMs} ms.`,
  help: 'Send the body without pauses, or raise HTTP_BODY_TIMEOUT_MS.',
})

export const RequestAborted = defineError({
  code: 'REQUEST_ABORTED',
  status: 499,
  message: () => 'The caller went away before the body was complete.',
  help: 'Nothing to do here: the connection is gone. Look at the caller or at what lies between.',
})

export const BodyConsumed = defineError({
  code: 'REQUEST_BODY_CONSUMED',
  status: 500,
  message: (route: string) =>
    `${route} needs the body, and an Express middleware read it without leaving it in request.body.`,
  help: 'Mount the middleware on its own paths only, or let it set request.body (a Buffer where @RawBody() is used).',
})

export const MediaTypeUnsupported = defineError({
  code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
  status: 415,
  message: (route: string, given: string, supported: readonly string[]) =>
    `${route} takes ${supported.join(', ')}, and the request has ${given}.`,
  help: 'Send a Content-Type that the route takes.',
})

export const EncodingUnsupported = defineError({
  code: 'REQUEST_ENCODING_UNSUPPORTED',
  status: 415,
  message: (kind: string, given: string, supported: string) =>
    `The body has the ${kind} "${given}"; supported: ${supported}.`,
  help: 'Send text in UTF-8, and compress it with gzip, deflate, br or not at all.',
})

export const UploadMissing = defineError({
  code: 'REQUEST_UPLOAD_MISSING',
  status: 400,
  message: (field: string) => `The form has no file in the field "${field}".`,
  help: 'Attach the file under that name; a file that may be left out is declared with @UploadedFiles.',
  errors: (field) => [{ pointer: pointerTo('', field), code: 'required', detail: 'A file is required here' }],
})

export const UploadUnexpected = defineError({
  code: 'REQUEST_UPLOAD_UNEXPECTED',
  status: 400,
  message: (field: string, expected: string) =>
    `The form has a file in the field "${field}"; files belong in "${expected}".`,
  help: 'Send files in the declared field only.',
})

export const UploadTooLarge = defineError({
  code: 'REQUEST_UPLOAD_TOO_LARGE',
  status: 413,
  message: (field: string, maxBytes: number) => `The file in the field "${field}" is larger than ${maxBytes} bytes.`,
  help: 'Send a smaller file, or raise maxBytes of the upload parameter.',
})

export const UploadCountExceeded = defineError({
  code: 'REQUEST_UPLOAD_COUNT_EXCEEDED',
  status: 413,
  message: (field: string, maxCount: number) => `The field "${field}" has more than ${maxCount} file(s).`,
  help: 'Send fewer files, or raise maxCount of @UploadedFiles.',
})

export const UploadTypeRefused = defineError({
  code: 'REQUEST_UPLOAD_TYPE_REFUSED',
  status: 415,
  message: (field: string, given: string, types: readonly string[]) =>
    `The file in the field "${field}" is ${given}; allowed: ${types.join(', ')}.`,
  help: 'Send a file of an allowed type.',
})

export const UploadsSeveral = defineError({
  code: 'REQUEST_UPLOADS_SEVERAL',
  status: 500,
  message: (route: string) =>
    `${route} has more than one upload parameter, and files of a form come one after the other.`,
  help: 'Use one @UploadedFile or one @UploadedFiles per route; files of one field can differ in type.',
})
