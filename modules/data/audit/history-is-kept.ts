/** An entity that says its changes are kept, where nothing keeps them. */
import { defineDiagnostic, type CheckRule } from 'tenon'
import { AUDITED } from 'tenon/decorators'

import { entitiesOf } from '../declared-entities.ts'
import { EntityChange } from './entity-change.ts'

export const HistoryMissing = defineDiagnostic({
  code: 'DATA_HISTORY_MISSING',
  message: (entity: string) => `${entity} is @Audited, and nothing in the application keeps its changes.`,
  help: 'Import HistoryModule of tenon/data, which brings the table.',
})

export const historyIsKept: CheckRule = ({ graph }) => {
  const entities = entitiesOf(graph)
  if (entities.includes(EntityChange)) return []
  return entities.flatMap((entity) => {
    const written = AUDITED.written(entity)
    return written ? [HistoryMissing({ at: written.at }, entity.name)] : []
  })
}
