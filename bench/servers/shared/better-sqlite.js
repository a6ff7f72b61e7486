/**
 * node:sqlite in the shape of better-sqlite3, which TypeORM's SQLite driver asks for. So every peer runs on the same
 * SQLite, and nothing native has to be compiled.
 */
import { DatabaseSync } from 'node:sqlite'

export default class BetterSqlite {
  #database

  constructor(file) {
    this.#database = new DatabaseSync(file)
  }

  prepare(sql) {
    const statement = this.#database.prepare(sql)
    return {
      reader: statement.columns().length > 0,
      all: (...values) => statement.all(...values),
      run: (...values) => statement.run(...values),
    }
  }

  exec(sql) {
    this.#database.exec(sql)
    return this
  }

  pragma(text) {
    return this.#database.prepare(`PRAGMA ${text}`).all()
  }

  close() {
    this.#database.close()
  }
}
