/** A container for class-validator that finds the instance of a rule at once. */
import { useContainer } from 'class-validator'

import type { Class } from '../../../../decorators/index.ts'

/** The library's own looks through all instances it ever made; here they come by the thousand. */
export function keepLibraryQuick(): void {
  const instances = new Map<unknown, object>()
  useContainer({
    get: (type: Class<object>) => {
      let instance = instances.get(type)
      if (!instance) instances.set(type, (instance = new type()))
      return instance
    },
  })
}
