/** `tenon/data`: entities, repositories, transactions and migrations. */
export {
  RenamedFrom,
  Repository,
  Transactional,
  type Isolation,
  type Propagation,
  type TransactionOptions,
  type TransactionRetry,
} from 'tenon/decorators'
export { CreatedBy, UpdatedBy } from './audit/author-columns.ts'
export { BaseRepository, type Key } from './base-repository.ts'
export type { Where } from './criteria.ts'
export {
  CriteriaEmpty,
  CriteriaMissing,
  DatabaseNotOpen,
  DatabasePackageMissing,
  DatabaseUnreachable,
  DatabaseUrlUnreadable,
  DuplicateRow,
  EntityNotFound,
  MigrationDestructive,
  MigrationLockTimeout,
  MigrationNameInvalid,
  MigrationsFolderUnreadable,
  MigrationsPending,
  PageInvalid,
  PageTooLarge,
  CursorInvalid,
  CursorOrderNullable,
  FilterOnRelation,
  RepositoryWithoutEntity,
  SqlValueMissing,
  UnversionedEntity,
  VersionConflict,
  SqliteClosed,
  SqliteLockTimeout,
  SqliteRawTransaction,
  SqliteWaitsOnItself,
  SynchronizeInProduction,
  PoolExhausted,
  RequiresNewUnsupported,
  TransactionalNotAsync,
  TransactionConflict,
  TransactionDoomed,
  TransactionEnded,
  TransactionMismatch,
  TransactionMissing,
  TransactionNotAwaited,
  TransactionReadOnly,
  TransactionStalled,
  TransactionTimeout,
  TransactionUnwanted,
} from './data-errors.ts'
export { DataModule } from './data-module.ts'
export { Database } from './database.ts'
export { DatabaseConfig } from './database-config.ts'
export type { Migration } from './migration.ts'
export type { Finding } from './migrations/lint-statements.ts'
export {
  Migrations,
  type Drift,
  type GeneratedMigration,
  type GenerateOptions,
  type MigrationState,
  type PlannedMigration,
} from './migrations/migrations.ts'
export { Filter } from './filters/filter.ts'
export { Query } from './query/query.ts'
export type { CursorPage, CursorRequest, Page, PageRequest } from './page.ts'
export { afterCommit, afterRollback, beforeCommit, rollbackOnly } from './transactions/hooks.ts'
export { UnitOfWork } from './unit-of-work.ts'
export { factory, Factory, type Definition, type FactoryContext, type FactoryValue } from './seeding/factory.ts'
export { Random } from './seeding/random.ts'

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
  type EntityManager,
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
