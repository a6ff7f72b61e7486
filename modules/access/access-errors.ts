/** Why a call is refused, and what policies cannot be asked for. */
import { defineError } from 'tenon'

import type { Explanation } from './explain/explanation.ts'

export const EndpointUnknown = defineError({
  code: 'ACCESS_ENDPOINT_UNKNOWN',
  status: 404,
  message: (name: string, nearest?: string) =>
    `There is no endpoint ${name}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
  help: 'Name it as `tenon access matrix` does: PATCH /tickets/:id, or TicketsController.change.',
})

export const MatrixUnreadable = defineError({
  code: 'ACCESS_MATRIX_UNREADABLE',
  status: 400,
  message: (file: string, why: string) => `${file} is no matrix that was saved: ${why}.`,
  help: 'Save one with: tenon access matrix --json > access.json',
})

export const AccessRefused = defineError({
  code: 'ACCESS_REFUSED',
  status: 403,
  message: (what: string, _explanation?: Explanation) => `This caller may not do that: ${what}.`,
  help: 'Call as somebody who may; the log says which rule has refused it, and which fact would change the answer.',
  extensions: (_what, explanation): Readonly<Record<string, unknown>> => (explanation ? { explanation } : {}),
})

export const FieldRefused = defineError({
  code: 'ACCESS_FIELD_REFUSED',
  status: 403,
  message: (fields: readonly string[], _explanation?: Explanation) =>
    `This caller may not write the field ${fields.join(', ')}.`,
  help: 'Leave the fields out, or call as somebody who may write them.',
  errors: (fields, _explanation) =>
    fields.map((field) => ({
      pointer: `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'access',
      detail: 'This caller may not write it.',
    })),
  extensions: (_fields, explanation): Readonly<Record<string, unknown>> => (explanation ? { explanation } : {}),
})

/** The same for rows of others as for none at all: who may not read a row does not learn that it is there. */
export const ResourceNotFound = defineError({
  code: 'ACCESS_RESOURCE_NOT_FOUND',
  status: 404,
  message: (entity: string, key: string) => `There is no ${entity} ${key}.`,
  help: 'Ask for the list of those that are there.',
})

export const PolicyMissing = defineError({
  code: 'ACCESS_POLICY_MISSING',
  status: 500,
  message: (entity: string) => `${entity} has no policy, so nobody can be allowed anything.`,
  help: 'Write one with definePolicy(Entity, ...), and import its file where the entity is used.',
})

export const PolicyRepeated = defineError({
  code: 'ACCESS_POLICY_REPEATED',
  status: 500,
  message: (entity: string) => `${entity} has a policy already, and a second one would replace it unseen.`,
  help: 'Write all rules of an entity in one definePolicy().',
})

export const PolicyValueUnusable = defineError({
  code: 'ACCESS_POLICY_VALUE_UNUSABLE',
  status: 500,
  message: (value: string) => `A condition compares with ${value}, which equals nothing in a database.`,
  help: 'Compare with text, a finite number, a boolean, a time, or a field; ask for empty fields with isNull().',
})

export const PolicyUntranslatable = defineError({
  code: 'ACCESS_POLICY_UNTRANSLATABLE',
  status: 500,
  message: (rule: string, why: string) => `The rule ${rule} cannot filter rows in the database: ${why}.`,
  help: 'Write the condition with columns, or load rows by another condition and ask access.can() for each.',
})

export const AccessModuleMissing = defineError({
  code: 'ACCESS_MODULE_MISSING',
  status: 500,
  message: (entity: string) =>
    `${entity} is filtered by its policy, and this call passed no AccessModule that knows the roles.`,
  help: 'Import AccessModule into the application.',
})

export const AccessDataMissing = defineError({
  code: 'ACCESS_DATA_MISSING',
  status: 500,
  message: (entity: string) => `Rows of ${entity} can be neither loaded nor filtered: there is no DataModule.`,
  help: 'Import DataModule, or give @Authorize a loader of your own: { load: TicketLoader }.',
})
