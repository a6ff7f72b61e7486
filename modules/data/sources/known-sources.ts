/** Sources that code names and nobody has set, and relations that would have to cross from one database into another. */
import { defineDiagnostic, nearestName, type CheckInput, type CheckRule, type Diagnostic } from 'tenon'
import { DATA_SOURCE, decoratedMembers, REPOSITORY, TRANSACTIONAL, UNKNOWN_SITE, type CallSite } from 'tenon/decorators'

import { DatabaseConfig } from '../database-config.ts'
import { declaredRelations, entitiesOf } from '../declared-entities.ts'
import { sourcesOf } from './source-of.ts'
import { DEFAULT_SOURCE, sourceNames, variableOf } from './source-settings.ts'

export const SourceUndeclared = defineDiagnostic({
  code: 'DATA_SOURCE_UNDECLARED',
  message: (place: string, name: string, _similar: string | undefined) =>
    `${place} names the data source ${name}, and no settings have it.`,
  help: (_place, name, similar) =>
    similar === undefined
      ? `Set ${variableOf('DATABASE_URL', name)}, or DataModule.with({ sources: { '${name}': { url } } }).`
      : `Did you mean ${similar}? Otherwise set ${variableOf('DATABASE_URL', name)}.`,
})

export const RelationAcrossSources = defineDiagnostic({
  code: 'DATA_RELATION_ACROSS_SOURCES',
  message: (entity: string, property: string, target: string, source: string) =>
    `${entity}.${property} is a relation to ${target}, which is not in the data source ${source}.`,
  help: 'A database cannot join rows of another one: keep the key in a column, or put both entities into one source.',
})

export const knownSources: CheckRule = (input) => {
  const names = declaredNames(input)
  const written = [...namedBy(input)]
  if (!names) return []
  return written
    .filter(({ name }) => !names.includes(name))
    .map(({ place, name, at }) => SourceUndeclared({ at }, place, name, nearestName(name, names)))
}

export const relationsWithinSources: CheckRule = ({ graph }) => {
  const entities = entitiesOf(graph)
  return entities.flatMap((entity) =>
    declaredRelations(entity).flatMap(({ property, target }): readonly Diagnostic[] => {
      if (!entities.includes(target)) return []
      const there = sourcesOf(graph, target)
      const missing = sourcesOf(graph, entity).find((source) => !there.includes(source))
      const at = siteOf(graph, entity)
      return missing === undefined ? [] : [RelationAcrossSources({ at }, entity.name, property, target.name, missing)]
    }),
  )
}

/** `undefined` where settings are made by a function, which has not been called yet. */
function declaredNames({ configured, environment }: CheckInput): readonly string[] | undefined {
  const settings: unknown = [...configured.values()].find(({ config }) => config === DatabaseConfig)?.settings
  if (typeof settings === 'function') return undefined
  const prefix = 'DATABASE_URL_'
  const variables = Object.entries(environment.variables).filter(([name, text]) => name.startsWith(prefix) && text)
  const urls = Object.fromEntries(variables.map(([name]) => [name.slice(prefix.length), '']))
  return [DEFAULT_SOURCE, ...sourceNames((settings as Partial<DatabaseConfig> | undefined)?.sources ?? {}, urls)]
}

interface Named {
  readonly place: string
  readonly name: string
  readonly at: CallSite
}

function* namedBy({ graph }: CheckInput): Generator<Named> {
  const listed = graph.modules.flatMap(({ options }) => [...(options.entities ?? []), ...(options.migrations ?? [])])
  const provided = graph.providers.flatMap(({ implementation }) => implementation ?? [])
  const controllers = graph.endpoints.map(({ type }) => type)
  for (const type of new Set<Function>([...provided, ...listed, ...entitiesOf(graph)])) {
    const written = DATA_SOURCE.writtenHere(type)
    if (written) yield { place: type.name, name: written.value, at: written.at }
  }
  for (const type of new Set<Function>([...provided, ...controllers])) {
    for (const member of [undefined, ...decoratedMembers(type as never)]) {
      const written = TRANSACTIONAL.writtenHere(member === undefined ? type : (type.prototype as object), member)
      const name = written?.value.source
      const place = `@Transactional of ${type.name}${member === undefined ? '' : `.${String(member)}`}`
      if (written && name !== undefined) yield { place, name, at: written.at }
    }
  }
}

function siteOf({ providers }: CheckInput['graph'], entity: Function): CallSite {
  const own = DATA_SOURCE.written(entity)?.at
  const repository = providers.find(
    ({ implementation }) => implementation && REPOSITORY.read(implementation) === entity,
  )
  return own ?? repository?.at ?? UNKNOWN_SITE
}
