/** Runs the seeders of the application: those that others build on first, each in a transaction, the same every time. */
import { Container, ModuleGraph, Random, type ProgressShare } from 'tenon'
import { DATA_SOURCE, Injectable, SEEDER, type Class } from 'tenon/decorators'

import { SeedersCyclic, SeederUnlisted } from './seeding-errors.ts'
import { UnitOfWork } from '../unit-of-work.ts'

/** What a seeder is handed. */
export interface SeedContext {
  /** Chance of its own for each seeder: what one takes changes nothing for the others. */
  readonly random: Random
  /** What all of it is derived from. */
  readonly seed: number
}

/** What `@Seeder` classes do. */
export interface Seed {
  run(context: SeedContext): Promise<void> | void
}

@Injectable()
export class Seeders {
  readonly #graph: ModuleGraph
  readonly #container: Container
  readonly #unitOfWork: UnitOfWork

  constructor(graph: ModuleGraph, container: Container, unitOfWork: UnitOfWork) {
    this.#graph = graph
    this.#container = container
    this.#unitOfWork = unitOfWork
  }

  /**
   * In the order in which they run.
   * @throws `DATA_SEEDERS_CYCLIC`, `DATA_SEEDER_UNLISTED`
   */
  get all(): readonly Class[] {
    const listed = this.#graph.providers.flatMap(({ implementation }) =>
      implementation && SEEDER.writtenHere(implementation) ? [implementation] : [],
    )
    const ordered: Class[] = []
    const place = (seeder: Class, path: readonly Class[]): void => {
      if (ordered.includes(seeder)) return
      if (path.includes(seeder)) throw new SeedersCyclic([...path, seeder].map(({ name }) => name))
      if (!listed.includes(seeder)) throw new SeederUnlisted(seeder.name, path.at(-1)!.name)
      for (const earlier of SEEDER.read(seeder)!.after) place(earlier, [...path, seeder])
      ordered.push(seeder)
    }
    for (const seeder of listed) place(seeder, [])
    return ordered
  }

  /** @returns the names of those that ran. */
  async run(
    seed: number,
    onProgress: (seeder: string, share: ProgressShare) => void = () => {},
  ): Promise<readonly string[]> {
    const { all } = this
    for (const [done, type] of all.entries()) {
      onProgress(type.name, { done, total: all.length })
      const seeder = this.#container.get(type) as Seed
      const random = new Random(mixed(seed, type.name))
      await this.#unitOfWork.of(DATA_SOURCE.read(type)).transaction(async () => seeder.run({ random, seed }))
    }
    return all.map(({ name }) => name)
  }
}

/** FNV-1a over the name, begun with the seed: another number for each seeder. */
function mixed(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0
  return hash
}
