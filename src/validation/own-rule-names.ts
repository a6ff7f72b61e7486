/** The names of the rules that class-validator brings along. */
import type { Class } from '../../decorators/index.ts'
import { constraintsOf } from './validation-metadata.ts'

/** Asked for with every class, and the same for the life of the process. */
const OWN: { names?: ReadonlySet<string> } = {}

/**
 * What class-validator calls its own rules: these answer at once, and asking them twice does no harm.
 * The library is loaded already where a class has any rule, and is not loaded for one that has none.
 */
export async function ownRuleNames(type: Class): Promise<ReadonlySet<string>> {
  if (constraintsOf(type).length === 0) return new Set()
  return (OWN.names ??= await readNames())
}

async function readNames(): Promise<ReadonlySet<string>> {
  const library = Object.entries(await import('class-validator')) as [string, unknown][]
  const isConstant = ([name, value]: [string, unknown]): boolean =>
    typeof value === 'string' && /^[A-Z\d_]+$/.test(name)
  return new Set(library.filter(isConstant).map(([, value]) => value as string))
}
