/** All rows of an entity, some at a time: rows that come and go meanwhile move no other out of sight. */
import { MoreThan, type Database, type FindManyOptions } from 'tenon/data'

type Metadata = Database['source']['entityMetadatas'][number]
type Row = Readonly<Record<string, unknown>>

/** Rows that are read at once. */
const BATCH = 500

export async function* batchesOf(
  metadata: Metadata,
  where: Row,
  find: (options: FindManyOptions<object>) => Promise<object[]>,
): AsyncIterableIterator<readonly object[]> {
  const { primaryColumns } = metadata
  const [only, ...others] = primaryColumns
  const options = {
    order: Object.fromEntries(primaryColumns.map(({ propertyPath }) => [propertyPath, 'ASC' as const])),
    take: BATCH,
    withDeleted: true,
    loadRelationIds: true,
    loadEagerRelations: false,
    ...selectionOf(metadata),
  }
  let last: object | undefined
  for (let skip = 0; ; skip += BATCH) {
    // Keys of several columns are counted off: there is no one value that the next rows come after.
    const from = only && others.length === 0 ? { where: { ...where, ...after(only, last) } } : { where, skip }
    const rows = await find({ ...options, ...from })
    if (rows.length > 0) yield rows
    last = rows.at(-1)
    if (rows.length < BATCH) return
  }
}

function after(key: Metadata['columns'][number], last: object | undefined): object {
  return last ? key.createValueMap(MoreThan(key.getEntityValue(last) as unknown)) : {}
}

/** Also what finds leave out by themselves: `@Column({ select: false })`. */
function selectionOf({ columns }: Metadata): { readonly select?: object } {
  if (columns.every(({ isSelect }) => isSelect)) return {}
  const select: Record<string, any> = {}
  for (const column of columns) {
    if (column.relationMetadata && column.isVirtual) continue
    const path = column.propertyPath.split('.')
    let place = select
    for (const part of path.slice(0, -1)) place = place[part] ??= {}
    place[path.at(-1)!] = true
  }
  return { select }
}
