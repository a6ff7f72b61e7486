/** The rows of one tenant, made from what the entities declare, each text with a mark that is nobody else's. */
import { randomUUID } from 'node:crypto'

import type { Database } from 'tenon/data'
import { TENANT_SCOPED } from 'tenon/decorators'

import { runAsTenant } from '../crossing.ts'
import { following } from './following.ts'

export type Metadata = Database['source']['entityMetadatas'][number]
type ColumnMetadata = Metadata['columns'][number]
export type Row = Record<string, unknown>

/** Rows of one's own for an entity whose rules its columns do not tell. */
export type RowMaker = (tenant: string, index: number) => Row

/** What a tenant is called in its canary values. */
export interface WorldName {
  readonly tenant: string
  /** Stands in every text of its rows, and in nobody else's. */
  readonly mark: string
  /** Numbers of its rows begin here. */
  readonly base: number
}

/** Rows of each entity and tenant. The first is looked at and linked, the last are deleted. */
export const ROWS = 5

export class TenantWorld {
  readonly name: WorldName
  readonly rows = new Map<Metadata, Row[]>()
  readonly #source: Database['source']
  readonly #makers: Readonly<Record<string, RowMaker>>

  constructor(name: WorldName, source: Database['source'], makers: Readonly<Record<string, RowMaker>>) {
    this.name = name
    this.#source = source
    this.#makers = makers
  }

  /**
   * @param entities - Those that others point at come first.
   * @param isScoped - Rows of the others are everybody's, and made once.
   * @param passedOver - So many keys that databases count are left out first: where tables are apart, the keys of two worlds
   * would be the same.
   */
  async fill(
    entities: readonly Metadata[],
    isScoped: (metadata: Metadata) => boolean,
    passedOver: number = 0,
  ): Promise<void> {
    for (const metadata of entities) {
      const repository = following(() => this.#source.getRepository(metadata.target))
      const made: Row[] = []
      this.rows.set(metadata, made)
      const giveUp = await this.#passOver(metadata, passedOver)
      for (let index = 1; index <= ROWS; index += 1) {
        const save = (): Promise<Row> => repository.save(repository.create(this.values(metadata, index)))
        made.push(await (isScoped(metadata) ? runAsTenant(this.name.tenant, save) : save()))
      }
      await giveUp()
      if (isScoped(metadata)) await runAsTenant(this.name.tenant, () => this.#link(metadata, made))
    }
  }

  /** As `draft`, with what its columns do not tell. */
  values(metadata: Metadata, index: number, pointsAt?: number): Row {
    return {
      ...this.draft(metadata, index, pointsAt),
      ...this.#makers[metadata.name]?.(this.name.tenant, index),
    }
  }

  /** Uses up keys by rows that are deleted when others have come behind them. @returns What deletes them. */
  async #passOver(metadata: Metadata, count: number): Promise<() => Promise<void>> {
    const isCounted = metadata.primaryColumns.some(({ generationStrategy }) => generationStrategy === 'increment')
    if (count === 0 || !isCounted) return async () => {}
    const repository = following(() => this.#source.getRepository(metadata.target))
    const passed: Row[] = []
    await runAsTenant(this.name.tenant, async () => {
      for (let index = 1; index <= count; index += 1) {
        const values = this.values(metadata, ROWS + index, 1)
        passed.push(metadata.getEntityIdMap(await repository.save(repository.create(values))) as Row)
      }
    })
    return () =>
      runAsTenant(this.name.tenant, async () => {
        for (const key of passed) await repository.delete(key)
      })
  }

  /** Values that fit the columns of an entity; its keys point at rows of this world. */
  draft(metadata: Metadata, index: number, pointsAt: number = index): Row {
    const values: Row = {}
    for (const column of metadata.columns) {
      if (column.relationMetadata || isFilledByItself(column)) continue
      column.setEntityValue(values, this.#value(metadata, column, index))
    }
    for (const relation of metadata.relations) {
      if (relation.joinColumns.length === 0 || relation.isManyToMany) continue
      const target = this.rows.get(relation.inverseEntityMetadata)?.[pointsAt - 1]
      if (target) relation.setEntityValue(values, target)
    }
    return values
  }

  /** The primary key of a row, as one value; `undefined` for keys of several columns. */
  keyOf(metadata: Metadata, index: number): string | number | undefined {
    const [column, ...others] = metadata.primaryColumns
    const row = this.rows.get(metadata)?.[index - 1]
    return row && column && others.length === 0 ? (column.getEntityValue(row) as string | number) : undefined
  }

  async #link(metadata: Metadata, made: readonly Row[]): Promise<void> {
    for (const relation of metadata.ownerManyToManyRelations) {
      const targets = this.rows.get(relation.inverseEntityMetadata) ?? []
      for (const [index, row] of made.entries()) {
        const target = targets[index]
        if (!target) continue
        const links = this.#source.createQueryBuilder().relation(metadata.target as string, relation.propertyPath)
        await links.of(row).add(target)
      }
    }
  }

  #value(metadata: Metadata, column: ColumnMetadata, index: number): unknown {
    const { mark, base } = this.name
    const number = base + index
    if (column.enum) return column.enum[0]
    const type = typeof column.type === 'function' ? column.type.name.toLowerCase() : String(column.type)
    if (type === 'uuid') return randomUUID()
    if (/json/.test(type)) return { canary: `${mark}${index}` }
    if (/array/.test(type)) return [`${mark}${index}`]
    if (/bool/.test(type)) return index % 2 === 0
    if (/date|time/.test(type)) return new Date(Date.UTC(2031, index, 1))
    if (/int|number|numeric|decimal|float|double|real/.test(type)) return /tinyint/.test(type) ? index : number
    if (/blob|bytea|binary/.test(type)) return Buffer.from(`${mark}${index}`)
    if (column.length === '36' && column.isPrimary) return randomUUID()
    const text = `${mark}${index} ${metadata.name} ${column.propertyName}`
    return column.length === '' ? text : text.slice(0, Number(column.length))
  }
}

function isFilledByItself(column: ColumnMetadata): boolean {
  return (
    column.isGenerated ||
    column.isCreateDate ||
    column.isUpdateDate ||
    column.isDeleteDate ||
    column.isVersion ||
    column.isVirtualProperty ||
    column.isDiscriminator ||
    column.propertyName === ownerProperty(column.entityMetadata)
  )
}

export function ownerProperty({ target }: Metadata): string | undefined {
  return typeof target === 'function' ? TENANT_SCOPED.read(target)?.property : undefined
}
