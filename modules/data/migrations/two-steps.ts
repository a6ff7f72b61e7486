/** A change in two steps: what both versions of the application can live with, then what the one before cannot. */
import { TableColumn, type DataSource, type QueryRunner, type Table, type TableColumnOptions } from 'typeorm'

import { keepInStep, stopKeeping } from './keep-in-step.ts'
import { remember } from './remembered.ts'
import { isSame, optional, softenChanged, softenDropped, softenNew, type Softened } from './soften-column.ts'

export class TwoSteps {
  readonly #source: DataSource
  readonly #runner: QueryRunner
  /** What waits for the second step, in words. */
  readonly waits: string[] = []
  readonly #renamed: { readonly table: Table; readonly former: string; readonly name: string }[] = []
  #phase: 'expand' | 'contract' = 'expand'

  constructor(source: DataSource, runner: QueryRunner) {
    this.#source = source
    this.#runner = runner
  }

  get phase(): 'expand' | 'contract' {
    return this.#phase
  }

  /** The second step is what is left when the first one is done: the runner remembers what it would have changed. */
  contract(): void {
    this.#runner.clearSqlMemory()
    this.#phase = 'contract'
    for (const { table, former, name } of this.#renamed) {
      for (const { up, down } of stopKeeping(this.#source, table, former, name)) remember(this.#runner, up, down)
    }
  }

  wasRenamed(table: Table, column: string): boolean {
    return this.#renamed.some((each) => each.table === table && (each.former === column || each.name === column))
  }

  /** The new name beside the old one, both kept alike. */
  async addBeside(table: Table, old: TableColumn, options: TableColumnOptions): Promise<void> {
    const { name: former } = old
    const added = optional(new TableColumn(options))
    // What the version before leaves out, its own default fills.
    added.default = undefined
    await this.#runner.addColumn(table, added)
    if (!old.isNullable) await this.#changeTo(table, old, optional(old))
    const { name } = added
    for (const { up, down } of keepInStep(this.#source, table, former, name)) remember(this.#runner, up, down)
    this.#renamed.push({ table, former, name })
    this.waits.push(`${table.name}.${former} is replaced by ${name}`)
  }

  /** Puts what both versions can live with in the place of what the runner would do. */
  soften(): void {
    const runner = this.#runner
    const addColumns = runner.addColumns.bind(runner)
    const changeColumns = runner.changeColumns.bind(runner)
    const dropColumns = runner.dropColumns.bind(runner)
    runner.addColumns = async (table, columns) => {
      if (this.#phase !== 'expand') return addColumns(table, columns)
      const softened = columns.map((column) => softenNew(column))
      for (const each of softened) this.#wait(table as Table, each)
      await addColumns(
        table,
        softened.map(({ column }) => column),
      )
    }
    runner.changeColumns = async (table, changes) => {
      if (this.#phase !== 'expand') return changeColumns(table, changes)
      const left = changes
        .filter(({ oldColumn }) => !this.wasRenamed(table as Table, oldColumn.name))
        .map(({ oldColumn, newColumn }) => {
          const softened = softenChanged(oldColumn, newColumn)
          this.#wait(table as Table, softened)
          return { oldColumn, newColumn: softened.column }
        })
        .filter(({ oldColumn, newColumn }) => !isSame(oldColumn, newColumn))
      if (left.length > 0) await changeColumns(table, left)
      for (const { newColumn } of left) noteState(table as Table, newColumn)
    }
    runner.dropColumns = async (table, columns) => {
      if (this.#phase !== 'expand') return dropColumns(table, columns)
      for (const column of columns as TableColumn[]) {
        if (this.wasRenamed(table as Table, column.name)) continue
        const softened = softenDropped(column)
        this.#wait(table as Table, softened)
        if (softened.column !== column) await this.#changeTo(table as Table, column, softened.column)
      }
    }
  }

  #wait(table: Table, { waits }: Softened): void {
    if (waits !== undefined) this.waits.push(`${table.name}.${waits}`)
  }

  async #changeTo(table: Table, old: TableColumn, next: TableColumn): Promise<void> {
    await this.#runner.changeColumn(table, old, next)
    noteState(table, next)
  }
}

/** Not all of TypeORM's runners remember what a column has become; the second step builds on it. */
function noteState(table: Table, column: TableColumn): void {
  const known = table.columns.find(({ name }) => name === column.name)
  const { type, length, precision, scale, isNullable, default: value } = column
  if (known)
    Object.assign(known, { type, length, precision, scale, isNullable, default: value as unknown, enum: column.enum })
}
