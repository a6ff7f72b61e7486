/** What the check says of tenants: endpoints without a decision, relations that leave a tenant, SQL that forgets it. */
import type { CheckRule, Endpoint } from 'tenon'
import { declaredRelations, declaredTable, declaredUniques, entitiesOf, readStatement } from 'tenon/data'
import { NO_TENANT, REPOSITORY, TENANT_SCOPED, UNKNOWN_SITE, type AbstractClass, type CallSite } from 'tenon/decorators'

import { TenancyConfig } from './tenancy-config.ts'
import { EndpointUndecided, EntityUnscoped, RawStatement, UniqueUnscoped } from './tenancy-errors.ts'
import { tenantDecision } from './tenant-decision.ts'

/** Every endpoint that can be called from outside says whether it is for a tenant; the shell's are the operator's. */
export const decidedEndpoints: CheckRule = ({ graph }) =>
  graph.endpoints
    .filter((endpoint) => endpoint.transport !== 'command' && tenantDecision(endpoint) === undefined)
    .map((endpoint) => EndpointUndecided({ at: endpoint.at }, describe(endpoint)))

/** An entity that points at rows of tenants belongs to one itself. */
export const scopedRelations: CheckRule = ({ graph }) =>
  entitiesOf(graph)
    .filter((entity) => !TENANT_SCOPED.read(entity) && !NO_TENANT.read(entity))
    .flatMap((entity) =>
      declaredRelations(entity)
        .filter(({ isOwner, target }) => isOwner && TENANT_SCOPED.read(target))
        .map(({ property, target }) =>
          EntityUnscoped({ at: siteOf(graph, entity) }, entity.name, property, target.name),
        ),
    )

/** What is unique is unique for each tenant; where each has tables of its own, it is anyway. */
export const scopedUniques: CheckRule = (input) => {
  if (!sharesTables(input)) return []
  return entitiesOf(input.graph).flatMap((entity) => {
    const scope = TENANT_SCOPED.read(entity)
    if (!scope) return []
    return declaredUniques(entity)
      .filter((properties) => !properties.includes(scope.property))
      .map((properties) => UniqueUnscoped({ at: siteOf(input.graph, entity) }, entity.name, properties.join(', ')))
  })
}

/** Settings that are made at boot cannot be read by the check. */
function sharesTables({ configured, environment }: Parameters<CheckRule>[0]): boolean {
  const module = [...configured.values()].find(({ config }) => config === TenancyConfig)
  const settings: { readonly strategy?: string } = typeof module?.settings === 'object' ? module.settings : {}
  return (settings.strategy ?? environment.variables['TENANCY_STRATEGY'] ?? 'shared') === 'shared'
}

/** SQL that providers and controllers write, as far as the text of their methods shows it. */
export const tenantInStatements: CheckRule = ({ graph }) => {
  const owned = new Map(
    entitiesOf(graph).flatMap((entity) => {
      const scope = TENANT_SCOPED.read(entity)
      const table = declaredTable(entity)
      return scope && table !== undefined ? [[table, { entity, ...scope }] as const] : []
    }),
  )
  const types = new Map<AbstractClass, CallSite>()
  for (const { type, at } of graph.endpoints) types.set(type, at)
  for (const { implementation, at } of graph.providers) if (implementation) types.set(implementation, at)
  return [...types].flatMap(([implementation, at]) =>
    statementsIn(implementation).flatMap((sql) => {
      const { tables, mentions } = readStatement(sql)
      const forgotten = tables
        .flatMap((table) => owned.get(table) ?? [])
        .find(({ property }) => !mentions.has(property.toLowerCase()))
      return forgotten ? [RawStatement({ at }, implementation.name, forgotten.entity.name)] : []
    }),
  )
}

/**
 * `.sql` templates, and texts that are given to `query`, `stream`, or the pool. With what the type arguments of a file that
 * Node strips itself leave behind.
 */
const STATEMENT =
  /\.(?:sql\s*(?:<[^`]*>)?\s*|(?:query|stream)\s*(?:<[^(]*>)?\(\s*)(?:`((?:[^`\\]|\\.)*)`|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g
const CROSSING = /\bacrossTenants\)?\(/g

/** The statements in the text of a class, with a name in place of each value; those inside `acrossTenants` are for all. */
function statementsIn(type: AbstractClass): readonly string[] {
  const text = Function.prototype.toString.call(type)
  const crossings = [...text.matchAll(CROSSING)].map(({ index, 0: start }) => index + start.length)
  return [...text.matchAll(STATEMENT)]
    .filter(({ index }) => !crossings.some((start) => start <= index && isOpen(text.slice(start, index))))
    .map(([, template, single, double]) => (template ?? single ?? double ?? '').replaceAll(/\$\{[^}]*\}/g, 'value'))
}

/** Whether the bracket before a text is not closed in it. */
function isOpen(text: string): boolean {
  let depth = 1
  for (const [sign] of text.matchAll(/[()]/g)) {
    depth += sign === '(' ? 1 : -1
    if (depth === 0) return false
  }
  return true
}

/** Where the repository of an entity stands: entities have no place of their own. */
function siteOf({ providers }: Parameters<CheckRule>[0]['graph'], entity: AbstractClass): CallSite {
  const repository = providers.find(
    ({ implementation }) => implementation && REPOSITORY.read(implementation) === entity,
  )
  return repository?.at ?? UNKNOWN_SITE
}

function describe({ route, name }: Endpoint): string {
  return route ? `${route.method} ${route.path}` : name
}
