/** The tables of the desk where each tenant has its own. */
import type { Migration, QueryRunner } from 'tenon/data'
import { TenantScoped } from 'tenon/tenancy'

export class CreatePlans1751328000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE plan (id serial PRIMARY KEY, name varchar NOT NULL UNIQUE)')
  }

  async down(): Promise<void> {}
}

@TenantScoped()
export class CreateDesk1751328000001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE customer (id serial PRIMARY KEY, "tenantId" varchar(64) NOT NULL, email varchar NOT NULL,
      "planId" integer REFERENCES plan (id))`)
    await runner.query(
      'CREATE TABLE label (id serial PRIMARY KEY, "tenantId" varchar(64) NOT NULL, text varchar NOT NULL)',
    )
    await runner.query(`CREATE TABLE ticket (id serial PRIMARY KEY, "tenantId" varchar(64) NOT NULL, title varchar NOT NULL,
      rank integer NOT NULL DEFAULT 0, "customerId" integer REFERENCES customer (id), "deletedAt" timestamp)`)
  }

  async down(): Promise<void> {}
}

@TenantScoped()
class AddLinks1751328000002 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE ticket_labels_label ("ticketId" integer NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
      "labelId" integer NOT NULL REFERENCES label (id) ON DELETE CASCADE, PRIMARY KEY ("ticketId", "labelId"))`)
    await runner.query('ALTER TABLE customer ADD UNIQUE ("tenantId", email)')
  }

  async down(): Promise<void> {}
}

export const DESK_MIGRATIONS = [CreatePlans1751328000000, CreateDesk1751328000001, AddLinks1751328000002] as const
