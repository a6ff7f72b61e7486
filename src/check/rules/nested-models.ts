/** Fields of request and response models that hold a model and do not say which: their rules would never be asked. */
import { RETURNS, type AbstractClass, type Class } from '../../../decorators/index.ts'
import type { ModuleGraph } from '../../graph/module-graph.ts'
import { findUntypedNested } from '../../validation/untyped-nested.ts'
import { isDto } from '../../validation/validation-metadata.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic } from '../diagnostic.ts'
import { handlersOf } from '../handlers.ts'
import { propertySite } from '../source/property-site.ts'

export const NestedUntyped = defineDiagnostic({
  code: 'VALIDATION_NESTED_UNTYPED',
  message: (type: string, property: string) =>
    `${type}.${property} holds a model and does not say which, so it would not be checked.`,
  help: (_type, property) => `Write @Type(() => TheClass) above ${property}.`,
})

interface Model {
  readonly type: Class
  /** The handler that takes or returns it. */
  readonly handler: string
}

export const nestedModels: CheckRule = ({ graph }) => {
  const reported = new Map<AbstractClass, Set<string>>()
  return modelsOf(graph).flatMap(({ type: model, handler }) =>
    findUntypedNested(model)
      .filter(({ type, property }) => {
        const known = reported.get(type) ?? new Set()
        reported.set(type, known)
        return !known.has(property) && known.add(property)
      })
      .map(({ type, property }) => {
        const path = [handler, ...(type === model ? [] : [model.name]), type.name]
        return NestedUntyped({ at: propertySite(type, property), path }, type.name, property)
      }),
  )
}

/** Each class once, for the first handler that takes or returns it. */
function modelsOf(graph: ModuleGraph): readonly Model[] {
  const handlers = new Map<unknown, string>()
  for (const { name, endpoint } of handlersOf(graph)) {
    const { type, method, parameters } = endpoint
    const taken = parameters.flatMap(({ source, type: each }) => (source && 'options' in source ? [each] : []))
    const returned = RETURNS.read(type, method).map((fact) => fact.type)
    for (const each of [...taken, ...returned]) if (!handlers.has(each)) handlers.set(each, name)
  }
  return [...handlers].flatMap(([type, handler]) =>
    typeof type === 'function' && isDto(type as Class) ? [{ type: type as Class, handler }] : [],
  )
}
