/** `tenon/data`: entities, repositories, transactions and migrations. */
export {
  Audited,
  DataSource,
  Replica,
  RenamedFrom,
  Repository,
  Transactional,
  type Isolation,
  type Propagation,
  type TransactionOptions,
  type TransactionRetry,
} from 'tenon/decorators'
export { CreatedBy, UpdatedBy } from './audit/author-columns.ts'
export { EntityChange, type ChangeAction, type FieldChange } from './audit/entity-change.ts'
export { HistoryModule } from './audit/history-module.ts'
export { History, type HistoryRequest } from './audit/history.ts'
export { isReadableApart } from './owners/reads-apart.ts'
export { BaseRepository } from './base-repository.ts'
export type { Where } from './criteria.ts'
export {
  CriteriaEmpty,
  ConsentMissing,
  CriteriaMissing,
  DatabaseNotOpen,
  DatabasePackageMissing,
  DatabaseUnreachable,
  DatabaseUrlUnreadable,
  DuplicateRow,
  EntityNotFound,
  PageInvalid,
  PageTooLarge,
  ReferenceMissing,
  RowReferenced,
  RepositoryWithoutEntity,
  UnversionedEntity,
  VersionConflict,
  SynchronizeInProduction,
} from './data-errors.ts'
export { ModelAmbiguous, ModelHomeless, ModelUnsaved } from './models/model-errors.ts'
export {
  MigrationDestructive,
  MigrationLockTimeout,
  MigrationNameInvalid,
  MigrationsFolderUnreadable,
  MigrationsPending,
} from './migrations/migration-errors.ts'
export {
  OrderInvalid,
  CursorInvalid,
  CursorOrderNullable,
  FilterOnRelation,
  SqlValueMissing,
} from './query/query-errors.ts'
export {
  OwnerDatabaseClosed,
  OwnerDatabaseMissing,
  OwnerDatabasesBusy,
  OwnerDatabaseUnnameable,
  OwnerSchemaMissing,
  ConnectionUnsettled,
  InsertFromSelectUnowned,
  KeyTaken,
  ReferenceForeign,
  RowForeign,
  RowsApart,
  RowsElsewhere,
  RowsUnguarded,
  StatementUnowned,
} from './owners/owner-errors.ts'
export { RepeatedReads } from './repeated-reads/repeated-reads-errors.ts'
export { SelectionInvalid } from './select/select-errors.ts'
export { ReplicaWritten } from './replicas/replica-errors.ts'
export { SourceUnknown, SourceWithoutUrl } from './sources/source-errors.ts'
export { SeedersCyclic, SeederUnlisted } from './seeding/seeding-errors.ts'
export { SqliteClosed, SqliteLockTimeout, SqliteRawTransaction, SqliteWaitsOnItself } from './sqlite/sqlite-errors.ts'
export {
  PoolExhausted,
  RequiresNewUnsupported,
  TransactionalNotAsync,
  TransactionConflict,
  TransactionDoomed,
  TransactionElsewhere,
  TransactionEnded,
  TransactionMismatch,
  TransactionMissing,
  TransactionNotAwaited,
  TransactionReadOnly,
  TransactionStalled,
  TransactionTimeout,
  TransactionUnwanted,
} from './transactions/transaction-errors.ts'
export { DataModule } from './data-module.ts'
export { Database } from './database.ts'
export { DatabaseConfig } from './database-config.ts'
export type { Migration } from './migration.ts'
export type { Finding } from './migrations/lint-statements.ts'
export type { Interruption } from './migrations/journal.ts'
export {
  Migrations,
  type ContractMigration,
  type Drift,
  type GeneratedMigration,
  type GenerateOptions,
  type MigrationState,
  type PlannedMigration,
} from './migrations/migrations.ts'
export {
  declaredRelations,
  declaredTable,
  declaredUniques,
  entitiesOf,
  type DeclaredRelation,
} from './declared-entities.ts'
export { describeField, type FieldDescription } from './describe-field.ts'
export { Filter } from './filters/filter.ts'
export type { FilteredStatement } from './filters/filter-criteria.ts'
export { Model } from './models/model.ts'
export { readStatement, type StatementNames } from './owners/statement-tables.ts'
export { ownerOf, type RowOwner } from './owners/owner-of.ts'
export { protectRows } from './owners/row-policies.ts'
export { EVERYBODY, RowOwners, type OwnDatabases } from './owners/row-owners.ts'
export { onReplica } from './replicas/route.ts'
export type { SourceSettings } from './sources/source-settings.ts'
export type { Key } from './query/call-criteria.ts'
export { Query } from './query/query.ts'
export type { CursorPage, CursorRequest, Page, PageRequest } from './page.ts'
export {
  avg,
  count,
  countDistinct,
  max,
  min,
  sum,
  type Aggregate,
  type Selected,
  type Selection,
} from './select/aggregates.ts'
export type { ColumnPath, ColumnValue, Joined, JoinedWhere, RelationPath } from './select/columns.ts'
export { Joins, SelectQuery } from './select/select-query.ts'
export { afterCommit, afterRollback, beforeCommit, rollbackOnly } from './transactions/hooks.ts'
export { UnitOfWork } from './unit-of-work.ts'
export { factory, Factory, type Definition, type FactoryContext, type FactoryValue } from './seeding/factory.ts'
export { Random } from 'tenon'
export { Seeders, type Seed, type SeedContext } from './seeding/seeders.ts'

// TypeORM's own words, unchanged.
export {
  AfterInsert,
  AfterLoad,
  AfterRemove,
  AfterUpdate,
  BeforeInsert,
  BeforeRemove,
  BeforeUpdate,
  Check,
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Generated,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  RelationId,
  Table,
  TableCheck,
  TableColumn,
  TableForeignKey,
  TableIndex,
  TableUnique,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  ViewColumn,
  ViewEntity,
} from 'typeorm'
export {
  And,
  Any,
  Between,
  Brackets,
  Equal,
  ILike,
  In,
  IsNull,
  LessThan,
  LessThanOrEqual,
  Like,
  MoreThan,
  MoreThanOrEqual,
  Not,
  Or,
  QueryFailedError,
  Raw,
  type DataSource as TypeOrmDataSource,
  type EntityManager,
  type EntityMetadata,
  type FindManyOptions,
  type FindOneOptions,
  type FindOptionsOrder,
  type FindOptionsRelations,
  type FindOptionsWhere,
  type QueryRunner,
  type Relation,
  type SelectQueryBuilder,
  type ValueTransformer,
} from 'typeorm'
