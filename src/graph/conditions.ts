/** Decides `@When`: once, while the graph is read. */
import type { Condition, InjectionToken, Surroundings } from '../../decorators/index.ts'

/** What a condition may ask about other providers. */
export type IsProvided = (token: InjectionToken) => boolean

/** Whether a condition about tokens must wait until all unconditional providers are known. */
export function dependsOnOthers(condition: Condition): boolean {
  return condition.kind === 'missing' || condition.kind === 'present'
}

export function holds(condition: Condition, surroundings: Surroundings, isProvided: IsProvided): boolean {
  switch (condition.kind) {
    case 'env':
      return condition.environments.includes(surroundings.environment)
    case 'variable': {
      const value = surroundings.variables[condition.name]
      return condition.value === undefined ? value !== undefined : value === condition.value
    }
    case 'test':
      return condition.test(surroundings)
    case 'missing':
      return !isProvided(condition.token)
    case 'present':
      return isProvided(condition.token)
  }
}
