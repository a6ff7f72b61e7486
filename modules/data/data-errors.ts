/** What can go wrong between an application and its database. */
import { defineError } from 'tenon'

export const DatabaseUrlUnreadable = defineError({
  code: 'DATA_URL_UNREADABLE',
  status: 500,
  message: (variable: string, reason: string) => `${variable} cannot be read: ${reason}.`,
  help: 'Write sqlite:data/app.sqlite, sqlite::memory:, postgres://user:password@host:5432/name, mysql://… or mariadb://….',
})

export const DatabasePackageMissing = defineError({
  code: 'DATA_PACKAGE_MISSING',
  status: 500,
  message: (database: string, name: string, version: string) =>
    `${database} needs the package ${name}, which is not installed: run npm install ${name}@${version}`,
  help: 'Run the command in the message; drivers are not installed with the framework, so that nobody carries those of others.',
})

export const DatabaseUnreachable = defineError({
  code: 'DATA_DATABASE_UNREACHABLE',
  status: 503,
  message: (database: string, reason: string) => `The database ${database} cannot be opened: ${reason}`,
  help: 'Do what the message says; the driver says more in the cause.',
})

export const DatabaseNotOpen = defineError({
  code: 'DATA_DATABASE_NOT_OPEN',
  status: 500,
  message: (user: string) => `${user} was used while the database is not open.`,
  help: 'Use it from an @OnInit method or later, and not after @OnShutdown; a constructor is too early.',
})

export const SynchronizeInProduction = defineError({
  code: 'DATA_SYNCHRONIZE_IN_PRODUCTION',
  status: 500,
  message: () => 'DataModule is set to synchronize the schema in production, which can drop columns with their data.',
  help: 'Remove synchronize, and give the changes as migrations.',
})

export const RepositoryWithoutEntity = defineError({
  code: 'DATA_REPOSITORY_WITHOUT_ENTITY',
  status: 500,
  message: (repository: string) => `${repository} extends BaseRepository and does not say which entity it is for.`,
  help: 'Write @Repository(Entity) above the class.',
})

export const EntityNotFound = defineError({
  code: 'DATA_ENTITY_NOT_FOUND',
  status: 404,
  message: (entity: string, key: string) => `There is no ${entity} with ${key}.`,
  help: 'Check the key; the row may have been deleted.',
})

export const DuplicateRow = defineError({
  code: 'DATA_DUPLICATE_ROW',
  status: 409,
  message: (entity: string) => `There is already a ${entity} with the same unique values.`,
  help: 'Change the values that must be unique, or update the row that is there; the cause names the constraint.',
})

export const CriteriaMissing = defineError({
  code: 'DATA_CRITERIA_MISSING',
  status: 500,
  message: (call: string, path: string, value: string) =>
    `${call} was given ${value} for ${path}; ignoring it would match rows that nobody asked for.`,
  help: 'Leave the criterion out on purpose, or match empty columns with IsNull().',
})

export const CriteriaEmpty = defineError({
  code: 'DATA_CRITERIA_EMPTY',
  status: 500,
  message: (call: string) => `${call} was given no criteria and would match every row.`,
  help: 'Name the rows; to reach all of them on purpose, use queryBuilder().',
})

export const PageInvalid = defineError({
  code: 'DATA_PAGE_INVALID',
  status: 400,
  message: (name: string, value: string) => `${name} must be a whole number from 1, not ${value}.`,
  help: 'Ask for page 1 and up, with at least one row a page.',
})

export const PageTooLarge = defineError({
  code: 'DATA_PAGE_TOO_LARGE',
  status: 400,
  message: (size: number, maximum: number) => `A page of ${size} rows was asked for; at most ${maximum} are given.`,
  help: 'Ask for smaller pages.',
})

export const VersionConflict = defineError({
  code: 'DATA_VERSION_CONFLICT',
  status: 409,
  message: (entity: string, expected: string, current: string) =>
    `The ${entity} has been changed since it was read: version ${current} now, not ${expected}.`,
  errors: (_entity, _expected, current) => [{ pointer: '#/version', code: 'current', detail: current }],
  help: 'Read it again, and repeat the change.',
})

export const UnversionedEntity = defineError({
  code: 'DATA_ENTITY_UNVERSIONED',
  status: 500,
  message: (entity: string) => `${entity} has no @VersionColumn().`,
  help: 'Add one, or update without a version.',
})

export const ConsentMissing = defineError({
  code: 'DATA_CONSENT_MISSING',
  status: 400,
  message: (command: string, consequence: string, database: string) =>
    `${command} ${consequence} in ${database}, and was not told to.`,
  help: 'Add --force when that is what you want.',
})

export const ReferenceMissing = defineError({
  code: 'DATA_REFERENCE_MISSING',
  status: 422,
  message: (entity: string) => `A ${entity} cannot point at a row that is not there.`,
  help: 'Give the key of a row that is there; the cause names the foreign key.',
})

export const RowReferenced = defineError({
  code: 'DATA_ROW_REFERENCED',
  status: 409,
  message: (entity: string) => `This ${entity} cannot be deleted while other rows point at it.`,
  help: 'Delete those first, or declare what becomes of them: onDelete of the relation.',
})
