/** What caller and row would be if facts were as an explanation says. */
import type { Principal } from 'tenon'

import type { MissingFact } from './explanation.ts'
import { near } from './facts-for.ts'
import { compares } from '../conditions/values.ts'

export interface Situation {
  readonly caller: Principal | undefined
  readonly row: object | undefined
}

/** Copies; nothing is changed. */
export function applyFacts(situation: Situation, facts: readonly MissingFact[]): Situation {
  return facts.reduce(applyFact, situation)
}

function applyFact({ caller, row }: Situation, fact: MissingFact): Situation {
  if (fact.of === 'row') return { caller, row: set(row ?? {}, fact.path, changed(fact)) }
  if (fact.must === 'be known') {
    const scheme = fact.value as string | undefined
    return {
      caller: { ...(caller ?? { id: 'somebody' }), ...(scheme && { authentication: { scheme, factors: [] } }) },
      row,
    }
  }
  const known = caller ?? { id: 'somebody' }
  if (fact.must !== 'include' && fact.must !== 'not include') {
    return { caller: set(known, fact.path, changed(fact)) as Principal, row }
  }
  const found = fact.path.reduce<unknown>((each, name) => (each as Record<string, unknown> | undefined)?.[name], known)
  const list = (Array.isArray(found) ? found : []) as readonly unknown[]
  const without = list.filter((each) => each !== fact.value)
  const next = fact.must === 'include' ? [...without, fact.value] : without
  return { caller: set(known, fact.path, next) as Principal, row }
}

function changed({ must, value }: MissingFact): unknown {
  return must === 'not be' ? near(value).find((each) => !compares('equal', each, value)) : value
}

function set(object: object, [name, ...rest]: readonly string[], value: unknown): object {
  if (name === undefined) return object
  const inner = (object as Record<string, unknown>)[name]
  const next = rest.length === 0 ? value : set((inner as object | null | undefined) ?? {}, rest, value)
  return Object.assign(Object.create(Object.getPrototypeOf(object) as object | null) as object, object, {
    [name]: next,
  })
}
