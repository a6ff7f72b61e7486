/** What is dangerous about statements that change a schema, and how the same is done safely. */
import type { DataSource } from 'typeorm'

export interface Finding {
  /** Which rule, for scripts. */
  readonly rule: string
  readonly statement: string
  readonly danger: string
  readonly recipe: string
  /** Whether data is lost. */
  readonly isDestructive: boolean
}

interface Rule extends Omit<Finding, 'statement'> {
  readonly matches: RegExp
  /** Databases it holds for. Default: all. */
  readonly only?: readonly string[]
}

const EXPAND =
  'Expand, migrate, contract: add the new one, write both, copy in batches, read the new one, drop the old one later.'

const RULES: readonly Rule[] = [
  {
    rule: 'drop-table',
    matches: /^DROP TABLE\b/i,
    danger: 'Drops a table with its rows; a running version that still reads it fails.',
    recipe: 'Stop using it in one release, and drop it in the next; keep a backup.',
    isDestructive: true,
  },
  {
    rule: 'drop-column',
    matches: /^ALTER TABLE .+\bDROP COLUMN\b/is,
    danger: 'Drops a column with its values; a running version that still reads it fails.',
    recipe: 'Stop using it in one release, and drop it in the next; for a new name, use @RenamedFrom.',
    isDestructive: true,
  },
  {
    rule: 'delete-all',
    matches: /^(TRUNCATE\b|DELETE FROM (?!.*\bWHERE\b))/is,
    danger: 'Deletes every row.',
    recipe: 'Name the rows in a WHERE.',
    isDestructive: true,
  },
  {
    rule: 'update-all',
    matches: /^UPDATE (?!.*\bWHERE\b)/is,
    danger: 'Writes every row in one transaction, and keeps them locked until it ends.',
    recipe: 'Update in batches by primary key, outside of the migration that changes the schema.',
    isDestructive: false,
  },
  {
    rule: 'rename',
    matches: /^ALTER TABLE .+\b(RENAME (COLUMN|TO)\b|CHANGE `([^`]+)` `(?!\3`))/is,
    danger: 'The running version still uses the old name and fails until it is replaced.',
    recipe: EXPAND,
    isDestructive: false,
  },
  {
    rule: 'change-type',
    matches: /^ALTER TABLE .+\bALTER COLUMN .+ TYPE\b/is,
    danger:
      'May write the whole table anew, with nobody reading or writing meanwhile; fails on values that do not fit.',
    recipe: `Lengthening a varchar is cheap. Else: ${EXPAND}`,
    isDestructive: false,
    only: ['postgres'],
  },
  {
    rule: 'set-not-null',
    matches: /^ALTER TABLE .+\bSET NOT NULL\b/is,
    danger: 'Fails on empty values, and reads the whole table with nobody writing meanwhile.',
    recipe:
      'Fill the column; ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT; then SET NOT NULL.',
    isDestructive: false,
    only: ['postgres'],
  },
  {
    rule: 'add-required-column',
    matches:
      /^ALTER TABLE .+\bADD (?!CONSTRAINT)(?!.*\bDEFAULT\b)(?!.*\b(AUTO_INCREMENT|(BIG|SMALL)?SERIAL)\b).*\bNOT NULL\b/is,
    danger: 'Fails where there are rows, or gives them a value that nobody chose.',
    recipe: 'Give the column a default, or add it nullable, fill it, and require it in a later migration.',
    isDestructive: false,
  },
  {
    rule: 'lock-for-index',
    matches: /^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)/i,
    danger: 'Nobody can write to the table while the index is built.',
    recipe: 'On a large table: CREATE INDEX CONCURRENTLY, in a migration with `transaction = false`.',
    isDestructive: false,
    only: ['postgres'],
  },
  {
    rule: 'lock-for-unique',
    matches: /^ALTER TABLE .+\bADD CONSTRAINT .+\bUNIQUE \(/is,
    danger:
      'Nobody can read or write the table while the index of the constraint is built; fails on rows that are alike.',
    recipe:
      'On a large table: CREATE UNIQUE INDEX CONCURRENTLY, in a migration with `transaction = false`; then ADD CONSTRAINT … UNIQUE USING INDEX.',
    isDestructive: false,
    only: ['postgres'],
  },
  {
    rule: 'lock-for-check',
    matches: /^ALTER TABLE .+\bADD CONSTRAINT .+\bCHECK\b(?!.*\bNOT VALID\b)/is,
    danger: 'Reads every row with nobody reading or writing meanwhile; fails on one that does not fit.',
    recipe: 'On a large table: add it NOT VALID, then VALIDATE CONSTRAINT in a migration of its own.',
    isDestructive: false,
    only: ['postgres'],
  },
  {
    rule: 'computed-default',
    matches:
      /^ALTER TABLE .+\bADD (?!CONSTRAINT).*(\bDEFAULT\b.*\b(gen_random_uuid|uuid_generate_v\d\w*|random|clock_timestamp|nextval)\(|\b(BIG|SMALL)?SERIAL\b)/is,
    danger: 'Writes the whole table anew, with nobody reading or writing meanwhile: each row gets a value of its own.',
    recipe: 'Add the column nullable, set the default for new rows, fill the others in batches, then require it.',
    isDestructive: false,
    only: ['postgres'],
  },
  {
    rule: 'lock-for-foreign-key',
    matches: /^ALTER TABLE .+\bADD CONSTRAINT .+\bFOREIGN KEY\b(?!.*\bNOT VALID\b)/is,
    danger: 'Checks every row while both tables are locked for writing.',
    recipe: 'On a large table: add it NOT VALID, then VALIDATE CONSTRAINT in a migration of its own.',
    isDestructive: false,
    only: ['postgres'],
  },
]

/** Findings in the order of the statements. */
export function lintStatements(source: DataSource, statements: readonly string[]): readonly Finding[] {
  const isCopied = copiedTables(statements)
  return statements.flatMap((statement) =>
    RULES.filter(({ only, matches }) => (only?.includes(source.options.type) ?? true) && matches.test(statement))
      .filter(({ rule }) => !isCopied(statement) || (rule !== 'drop-table' && rule !== 'rename'))
      .map(({ rule, danger, recipe, isDestructive }) => ({ rule, statement, danger, recipe, isDestructive })),
  )
}

/** SQLite changes a table by copying its rows into a new one of the same name: nothing is lost or renamed by that. */
function copiedTables(statements: readonly string[]): (statement: string) => boolean {
  const copies = new Set(
    statements.flatMap((statement) => /^INSERT INTO "temporary_\w+".* FROM "([^"]+)"$/s.exec(statement)?.[1] ?? []),
  )
  return (statement) => {
    const [, dropped, renamed] =
      /^(?:DROP TABLE "([^"]+)"|ALTER TABLE "(?:temporary_)?([^"]+)" RENAME TO)/.exec(statement) ?? []
    return copies.has(dropped ?? '') || copies.has(renamed ?? '')
  }
}
