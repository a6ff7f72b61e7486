/** Two migrations, of which the second can be stopped between any two of its statements. */
import type { Class } from 'tenon'
import type { Migration, QueryRunner } from 'tenon/data'

export const STATEMENTS = [
  'CREATE TABLE shelf (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(40) NOT NULL)',
  "INSERT INTO shelf (id, label) VALUES (1, 'first')",
  "ALTER TABLE shelf ADD COLUMN colour VARCHAR(10) DEFAULT 'grey'",
  "INSERT INTO shelf (id, label, colour) VALUES (2, 'second', 'red')",
  'CREATE INDEX shelf_label ON shelf (label)',
  "UPDATE shelf SET label = CONCAT(label, '!')",
] as const

/** @param stop - Called after so many statements. */
export function interruptible(after: number, stop: () => Promise<void>): Class<Migration>[] {
  class CreateRooms1751328000000 implements Migration {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query('CREATE TABLE room (id INTEGER NOT NULL PRIMARY KEY)')
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('DROP TABLE room')
    }
  }

  class CreateShelves1751328000001 implements Migration {
    async up(runner: QueryRunner): Promise<void> {
      for (const [index, statement] of STATEMENTS.entries()) {
        if (index === after) await stop()
        await runner.query(statement)
      }
      if (after === STATEMENTS.length) await stop()
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('DROP INDEX shelf_label ON shelf')
      await stop()
      await runner.query('DROP TABLE shelf')
    }
  }
  return [CreateRooms1751328000000, CreateShelves1751328000001]
}
