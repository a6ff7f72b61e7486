/** What may go wrong in the pipeline. */
import { defineError } from '../errors/define-error.ts'

export const NextCalledTwice = defineError({
  code: 'PIPELINE_NEXT_CALLED_TWICE',
  status: 500,
  message: (interceptor: string, endpoint: string) => `${interceptor} called next() twice for ${endpoint}.`,
  help: 'Call next() at most once per call; to repeat work, declare the interceptor with @Interceptor({ repeats: true }).',
})

export const ContextMissing = defineError({
  code: 'CONTEXT_MISSING',
  status: 500,
  message: () => 'ctx() was called outside of any call: there is no request, message or job here.',
  help: 'Call it from a handler, an interceptor or what they call; at boot and in timers hand the values in.',
})

export const ContextValueMissing = defineError({
  code: 'CONTEXT_VALUE_MISSING',
  status: 500,
  message: (key: string, endpoint: string) =>
    `${endpoint} needs "${key}" in its context, and no interceptor has set it.`,
  help: 'Import the module whose interceptor sets it, or use context.get(), which may answer undefined.',
})

export const DeadlinePassed = defineError({
  code: 'CONTEXT_DEADLINE_PASSED',
  status: 504,
  message: () => 'The deadline of the call has passed.',
  help: 'Ask for less at once, or give the call more time.',
})

export const AccessDenied = defineError({
  code: 'ACCESS_DENIED',
  status: 403,
  message: (reason: string) => reason,
  help: 'Call as somebody who may, or change what the guard asks for.',
})

export const InterceptorEmpty = defineError({
  code: 'PIPELINE_INTERCEPTOR_EMPTY',
  status: 500,
  message: (name: string) => `${name} is used as an interceptor and has neither forEndpoint, intercept nor decide.`,
  help: 'Give it one of the three methods.',
})

export const CodeGenerationForbidden = defineError({
  code: 'PIPELINE_CODE_GENERATION_FORBIDDEN',
  status: 500,
  message: () => 'TENON_CODEGEN is on, and this runtime forbids making functions out of text.',
  help: 'Set TENON_CODEGEN=auto, or start Node without --disallow-code-generation-from-strings.',
})

export const MapperAnswerInvalid = defineError({
  code: 'PIPELINE_MAPPER_ANSWER_INVALID',
  status: 500,
  message: (mapper: string) => `${mapper} maps errors by @Catch() and answered something that is no Problem.`,
  help: 'Return `new Problem({ status, code, detail })`, or throw another error instead.',
})
