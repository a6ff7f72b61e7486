import type { DataSource } from 'typeorm'

import { lintStatements } from '../../../../modules/data/migrations/lint-statements.ts'

const rulesOn = (type: string, ...statements: string[]) =>
  lintStatements({ options: { type } } as DataSource, statements).map(({ rule }) => rule)

describe('lintStatements', () => {
  it.each([
    ['DROP TABLE "ticket"', ['drop-table']],
    ['ALTER TABLE "ticket" DROP COLUMN "title"', ['drop-column']],
    ['TRUNCATE ticket', ['delete-all']],
    ['DELETE FROM ticket', ['delete-all']],
    ['DELETE FROM ticket WHERE id = 1', []],
    ['UPDATE ticket SET state = 1', ['update-all']],
    ['UPDATE ticket SET state = 1 WHERE state IS NULL', []],
    ['ALTER TABLE "ticket" RENAME COLUMN "a" TO "b"', ['rename']],
    ['ALTER TABLE "ticket" RENAME TO "issue"', ['rename']],
    ['ALTER TABLE "ticket" RENAME CONSTRAINT "a" TO "b"', []],
    ['ALTER TABLE "ticket" ALTER COLUMN "n" TYPE bigint USING "n"::bigint', ['change-type']],
    ['ALTER TABLE "ticket" ALTER COLUMN "n" SET NOT NULL', ['set-not-null']],
    ['ALTER TABLE "ticket" ADD "n" integer NOT NULL', ['add-required-column']],
    ['ALTER TABLE "ticket" ADD "n" integer NOT NULL DEFAULT 1', []],
    ['CREATE INDEX "i" ON "ticket" ("n")', ['lock-for-index']],
    ['CREATE UNIQUE INDEX CONCURRENTLY "i" ON "ticket" ("n")', []],
    ['ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("o") REFERENCES "o"("id")', ['lock-for-foreign-key']],
    ['ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE ("email")', ['lock-for-unique']],
    ['ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE USING INDEX "i"', []],
    ['ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("n" > 0)', ['lock-for-check']],
    ['ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("n" > 0) NOT VALID', []],
    ['ALTER TABLE "t" ADD "key" uuid NOT NULL DEFAULT gen_random_uuid()', ['computed-default']],
    ['ALTER TABLE "t" ADD "n" SERIAL NOT NULL', ['computed-default']],
    ['ALTER TABLE "t" ADD "at" TIMESTAMP NOT NULL DEFAULT now()', []],
    ['ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("o") REFERENCES "o"("id") NOT VALID', []],
  ])('finds in %s: %j', (statement, rules) => {
    expect(rulesOn('postgres', statement)).toEqual(rules)
  })

  it('knows a renaming of MySQL from another change', () => {
    expect(rulesOn('mariadb', 'ALTER TABLE `t` CHANGE `a` `b` int')).toEqual(['rename'])
    expect(rulesOn('mariadb', 'ALTER TABLE `t` CHANGE `a` `a` bigint NOT NULL')).toEqual([])
  })

  it('does not take the copying of a SQLite table for its loss', () => {
    const copy = [
      'CREATE TABLE "temporary_t" ("id" integer PRIMARY KEY NOT NULL)',
      'INSERT INTO "temporary_t"("id") SELECT "id" FROM "t"',
      'DROP TABLE "t"',
      'ALTER TABLE "temporary_t" RENAME TO "t"',
    ]
    expect(rulesOn('better-sqlite3', ...copy, 'DROP TABLE "other"')).toEqual(['drop-table'])
  })
})
