/**
 * Two columns of a table that hold the same while two versions of an application run: the one writes the old name, the other
 * the new one, and triggers carry each over.
 */
import { hash } from 'node:crypto'

import type { DataSource, Table } from 'typeorm'

/** PostgreSQL cuts names at 63 bytes. */
const LONGEST = 60

export interface Statement {
  readonly up: string
  readonly down: string
}

/** Fills the new column, and keeps both alike from then on. */
export function keepInStep(source: DataSource, table: Table, former: string, name: string): readonly Statement[] {
  const { type } = source.options
  const names = new Names(source, table, former, name)
  const copy: Statement = { up: names.copy(former, name), down: names.copy(name, former) }
  if (type === 'postgres') return [copy, ...onPostgres(names)]
  return [copy, ...(type === 'mysql' || type === 'mariadb' ? onMysql(names) : onSqlite(names))]
}

/** Takes the triggers away, with what one of the versions may have written last carried over. */
export function stopKeeping(source: DataSource, table: Table, former: string, name: string): readonly Statement[] {
  return keepInStep(source, table, former, name)
    .toReversed()
    .map(({ up, down }, index, all) => (index === all.length - 1 ? { up, down } : { up: down, down: up }))
}

class Names {
  readonly table: string
  readonly old: string
  readonly next: string
  readonly #source: DataSource
  readonly #key: string

  constructor(source: DataSource, { name: table }: Table, former: string, name: string) {
    this.#source = source
    this.#key = `${table.split('.').at(-1)}_${name}`
    this.table = table
      .split('.')
      .map((part) => source.driver.escape(part))
      .join('.')
    this.old = source.driver.escape(former)
    this.next = source.driver.escape(name)
  }

  /** Of a trigger or its function. */
  of(what: string): string {
    const name = `tenon_${what}_${this.#key}`
    const short = name.length > LONGEST ? `${name.slice(0, 40)}_${hash('sha1', name).slice(0, 12)}` : name
    return this.#source.driver.escape(short)
  }

  copy(from: string, to: string): string {
    const [value, column] = [this.#source.driver.escape(from), this.#source.driver.escape(to)]
    return `UPDATE ${this.table} SET ${column} = ${value} WHERE ${column} IS NULL`
  }
}

function onPostgres(names: Names): readonly Statement[] {
  const { table, old, next } = names
  const call = names.of('step')
  const body = `BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.${next} := COALESCE(NEW.${next}, NEW.${old});
    NEW.${old} := COALESCE(NEW.${old}, NEW.${next});
  ELSIF NEW.${next} IS DISTINCT FROM OLD.${next} THEN
    NEW.${old} := NEW.${next};
  ELSE
    NEW.${next} := NEW.${old};
  END IF;
  RETURN NEW;
END`
  return [
    {
      up: `CREATE FUNCTION ${call}() RETURNS trigger LANGUAGE plpgsql AS $step$ ${body} $step$`,
      down: `DROP FUNCTION ${call}()`,
    },
    {
      up: `CREATE TRIGGER ${call} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${call}()`,
      down: `DROP TRIGGER ${call} ON ${table}`,
    },
  ]
}

/** Compared byte by byte: by most collations, a change of case alone is none. */
function onMysql(names: Names): readonly Statement[] {
  const { table, old, next } = names
  const triggers = [
    [
      names.of('new'),
      'INSERT',
      `NEW.${next} = COALESCE(NEW.${next}, NEW.${old}), NEW.${old} = COALESCE(NEW.${old}, NEW.${next})`,
    ],
    [
      names.of('step'),
      'UPDATE',
      `NEW.${old} = IF(BINARY NEW.${next} <=> BINARY OLD.${next}, NEW.${old}, NEW.${next}), NEW.${next} = NEW.${old}`,
    ],
  ] as const
  return triggers.map(([name, event, set]) => ({
    up: `CREATE TRIGGER ${name} BEFORE ${event} ON ${table} FOR EACH ROW SET ${set}`,
    down: `DROP TRIGGER ${name}`,
  }))
}

function onSqlite(names: Names): readonly Statement[] {
  const { table, old, next } = names
  const carry = (from: string, to: string): string =>
    `UPDATE ${table} SET ${to} = NEW.${from} WHERE rowid = NEW.rowid AND ${to} IS NOT NEW.${from};`
  const triggers = [
    [
      names.of('new'),
      'INSERT',
      `UPDATE ${table} SET ${next} = COALESCE(${next}, ${old}), ${old} = COALESCE(${old}, ${next}) WHERE rowid = NEW.rowid;`,
    ],
    [names.of('step'), `UPDATE OF ${next}`, carry(next, old)],
    [names.of('back'), `UPDATE OF ${old}`, carry(old, next)],
  ] as const
  return triggers.map(([name, event, run]) => ({
    up: `CREATE TRIGGER ${name} AFTER ${event} ON ${table} BEGIN ${run} END`,
    down: `DROP TRIGGER ${name}`,
  }))
}
