/** What would mix the rows of owners. */
import { defineError } from 'tenon'

export const RowsUnguarded = defineError({
  code: 'DATA_ROWS_UNGUARDED',
  status: 500,
  message: (entity: string) => `${entity} is @TenantScoped, and nothing in the application keeps its rows apart.`,
  help: 'Import TenancyModule of tenon/tenancy, or remove the decorator.',
})

export const RowForeign = defineError({
  code: 'DATA_ROW_FOREIGN',
  status: 403,
  message: (property: string) => `${property} names somebody else than the running code acts for.`,
  help: 'Leave the property out: new rows get their owner by themselves, and rows never change it.',
})

export const ReferenceForeign = defineError({
  code: 'DATA_REFERENCE_FOREIGN',
  status: 422,
  message: (reference: string, target: string) => `${reference} names a ${target} that is not there.`,
  help: 'Give the key of a row that the caller can read. One of somebody else counts as not there.',
})

export const KeyTaken = defineError({
  code: 'DATA_KEY_TAKEN',
  status: 409,
  message: (entity: string) => `A ${entity} with the same key cannot be written.`,
  help: 'Let the database generate keys, or put the owner into the unique constraint.',
})

export const StatementUnowned = defineError({
  code: 'DATA_STATEMENT_UNOWNED',
  status: 500,
  message: (entity: string, column: string) =>
    `A statement on ${entity} does not say whose rows it means: it has no criterion on ${column} for each table, with the owner as a parameter.`,
  help: 'Write the criterion with ${currentTenant()} into the SQL, or run it inside acrossTenants(reason, …).',
})

export const InsertFromSelectUnowned = defineError({
  code: 'DATA_INSERT_SELECT_UNOWNED',
  status: 500,
  message: (entity: string) =>
    `Rows of ${entity} are inserted from a query, which cannot be seen to keep to one owner.`,
  help: 'Read the rows and insert them, or run it inside acrossTenants(reason, …).',
})

export const ConnectionUnsettled = defineError({
  code: 'DATA_CONNECTION_UNSETTLED',
  status: 500,
  message: (setting: string) => `A connection of the pool did not take ${setting}, and is closed.`,
  help: 'Look at what the database answers to SELECT set_config(…); nothing was read or written.',
})

export const OwnerDatabaseClosed = defineError({
  code: 'DATA_OWNER_DATABASE_CLOSED',
  status: 500,
  message: (owner: string) => `The database of ${owner} is not open for the running code.`,
  help: 'Await what belongs to the call before it ends; outside of calls use runAsTenant(id, …).',
})

export const OwnerDatabaseMissing = defineError({
  code: 'DATA_OWNER_DATABASE_MISSING',
  status: 500,
  message: (owner: string) => `There is no database of ${owner}.`,
  help: 'Create it: tenon tenant create <id>.',
})

export const OwnerDatabasesBusy = defineError({
  code: 'DATA_OWNER_DATABASES_BUSY',
  status: 503,
  message: (most: number, waitMs: number) =>
    `All ${most} databases that may be open at once are in use, and none became free within ${waitMs} ms.`,
  help: 'Raise TENANCY_OPEN_DATABASES, or do not let code of one tenant wait for another.',
})

export const OwnerDatabaseUnnameable = defineError({
  code: 'DATA_OWNER_DATABASE_UNNAMEABLE',
  status: 500,
  message: (reason: string) => `There can be no database for each owner: ${reason}.`,
  help: 'Use a file or a server, and short names for the database and the owners.',
})

export const RowsElsewhere = defineError({
  code: 'DATA_ROWS_ELSEWHERE',
  status: 500,
  message: (entity: string) =>
    `Rows of ${entity} are in another database than the one a statement was made for; no join or criterion reaches them.`,
  help: 'Ask the repository of that entity, or name the relation in `relations`: it is read by a statement of its own.',
})

export const OwnerSchemaMissing = defineError({
  code: 'DATA_OWNER_SCHEMA_MISSING',
  status: 500,
  message: (schema: string) => `There is no schema ${schema}, or the application's user may not use it.`,
  help: 'Create it: tenon tenant create <id>.',
})

export const RowsApart = defineError({
  code: 'DATA_ROWS_APART',
  status: 500,
  message: (entity: string) => `Each owner has a database with rows of ${entity}; no statement reaches all of them.`,
  help: 'Ask one after the other: tenants.forEach(reason, …).',
})
