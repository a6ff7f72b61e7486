/** Which sources a class belongs to, by what stands above it and above its repositories. */
import type { ModuleGraph } from 'tenon'
import { DATA_SOURCE, REPOSITORY, type AbstractClass } from 'tenon/decorators'

import { entitiesOf } from '../declared-entities.ts'
import { DEFAULT_SOURCE } from './source-settings.ts'

/** What stands above the class, else the default. */
export function sourceOf(type: Function): string {
  return DATA_SOURCE.read(type) ?? DEFAULT_SOURCE
}

/** The sources that hold an entity: its own word, and its repositories'; the default where nobody says anything. */
export function sourcesOf({ providers }: ModuleGraph, entity: AbstractClass): readonly string[] {
  const said = DATA_SOURCE.read(entity)
  const repositories = providers.flatMap(({ implementation }) =>
    implementation && REPOSITORY.read(implementation) === entity
      ? [DATA_SOURCE.read(implementation) ?? said ?? DEFAULT_SOURCE]
      : [],
  )
  const all = [...(said === undefined ? [] : [said]), ...repositories]
  return all.length === 0 ? [DEFAULT_SOURCE] : [...new Set(all)]
}

/** The entities that modules list and repositories are for, as far as they belong to this source. */
export function entitiesIn(graph: ModuleGraph, source: string): readonly AbstractClass[] {
  return entitiesOf(graph).filter((entity) => sourcesOf(graph, entity).includes(source))
}
