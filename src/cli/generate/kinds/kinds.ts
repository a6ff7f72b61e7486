/** Every generator by its name. */
import type { Kind } from './kind.ts'
import { dto, entity, factory, policy, repository } from './of-entity.ts'
import { resource } from './resource.ts'
import { command, controller, guard, interceptor, migration, module, plugin, seeder, service, test } from './single.ts'

export const KINDS: Readonly<Record<string, Kind>> = {
  resource,
  entity,
  dto,
  module,
  controller,
  service,
  repository,
  interceptor,
  guard,
  policy,
  command,
  seeder,
  factory,
  migration,
  test,
  plugin,
}
