/** Operations of a client in groups. Each name stands for one thing: which of two it would be, nobody could tell. */
import { ClientNameTaken } from '../client-errors.ts'
import type { ClientGroup, ClientOperation } from './client-model.ts'

export class GroupTree implements ClientGroup {
  readonly name: string
  description: string | undefined
  readonly operations: ClientOperation[] = []
  readonly groups: GroupTree[] = []
  readonly #path: string
  /** For which operation each name was taken first. */
  readonly #takenBy = new Map<string, string>()

  constructor(name: string, path: string = name) {
    this.name = name
    this.#path = path
  }

  /** The first that says something of a group says it. */
  describe(description: string | undefined): void {
    this.description ??= description
  }

  /**
   * The group of that name, made where there is none.
   * @param key - Which operation asks: `GET /tickets`.
   * @throws `CLIENT_NAME_TAKEN`
   */
  group(name: string, key: string): GroupTree {
    const known = this.groups.find((each) => each.name === name)
    if (known) return known
    this.#take(name, key)
    const made = new GroupTree(name, `${this.#path}.${name}`)
    this.groups.push(made)
    return made
  }

  /**
   * @param path - Groups within this one, and the name of the operation.
   * @throws `CLIENT_NAME_TAKEN`
   */
  add([first, ...rest]: readonly string[], operation: ClientOperation): void {
    const key = `${operation.method} ${operation.path}`
    if (rest.length > 0) {
      this.group(first!, key).add(rest, operation)
      return
    }
    this.#take(first!, key)
    this.operations.push(operation)
  }

  #take(name: string, key: string): void {
    const other = this.#takenBy.get(name)
    if (other !== undefined) throw new ClientNameTaken(`${this.#path}.${name}`, other, key)
    this.#takenBy.set(name, key)
  }
}

/** A group and those within, the outer first. */
export function allGroups(groups: readonly ClientGroup[]): readonly ClientGroup[] {
  return groups.flatMap((group) => [group, ...allGroups(group.groups)])
}
