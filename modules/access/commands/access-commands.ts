/** `tenon access why | matrix | diff`: who may do what, asked from the shell. */
import { readFile } from 'node:fs/promises'

import {
  actAs,
  CommandResult,
  describeEndpoint,
  ModuleGraph,
  nearestName,
  printLocation,
  sourceReader,
  type Endpoint,
  type Principal,
} from 'tenon'
import { Command, Injectable, Optional, Param, Query, type Class } from 'tenon/decorators'

import { EndpointUnknown, MatrixUnreadable } from '../access-errors.ts'
import { Access } from '../access.ts'
import { all } from '../conditions/formula.ts'
import { decisionOf, type EndpointDecision } from '../decisions/endpoint-decision.ts'
import { requiredFactorOf } from '../decisions/required-factor.ts'
import { printExplanation, type Explanation } from '../explain/explanation.ts'
import { columnKind } from '../rows/column-kind.ts'
import { pathsOf, RowFacts } from '../rows/row-facts.ts'
import { accessMatrix, compareMatrices, type AccessMatrix, type MatrixChange } from './access-matrix.ts'
import { CallerDirectory } from './caller-directory.ts'

@Injectable()
export class AccessCommands {
  readonly #access: Access
  readonly #graph: ModuleGraph
  readonly #directory: CallerDirectory | undefined
  readonly #sourceOf = sourceReader()

  constructor(access: Access, graph: ModuleGraph, @Optional() directory?: CallerDirectory) {
    this.#access = access
    this.#graph = graph
    this.#directory = directory
  }

  /** @throws `ACCESS_ENDPOINT_UNKNOWN` */
  @Command('access:why', {
    description: 'Says whether a user may call an endpoint, by which rule, and what would change it',
    options: {
      user: 'The id of the user; looked up where the application provides a CallerDirectory',
      roles: 'Roles of the user, with commas between them; instead of those that are looked up',
      scopes: 'Scopes that the credential is limited to, with commas between them. Default: not limited',
      tenant: 'The tenant of the user',
      endpoint: 'The endpoint: PATCH /tickets/:id, or TicketsController.change',
      id: 'The primary key of the row it is about. Default: any row',
    },
    examples: [`tenon access why --user u1 --roles customer --endpoint 'PATCH /tickets/:id' --id 9`],
  })
  async why(
    @Query('endpoint') name: string,
    @Query('user') user?: string,
    @Query('roles') roles?: string,
    @Query('scopes') scopes?: string,
    @Query('tenant') tenant?: string,
    @Query('id') id?: string,
  ): Promise<CommandResult> {
    const endpoint = this.#endpoint(name)
    const caller = user === undefined ? undefined : await this.#caller(user, { roles, scopes, tenant })
    const explain = (): Promise<Explanation> => this.#explain(endpoint, caller, id)
    const decided = await (tenant === undefined ? explain() : actAs(tenant, explain))
    const explanation = { ...decided, ...(decided.allowed && this.#besides(endpoint)) }
    return new CommandResult({ data: explanation, text: printExplanation(explanation) })
  }

  @Command('access:matrix', {
    description: 'Prints who may call what: every endpoint by every role',
    starts: false,
    examples: ['tenon access matrix', 'tenon access matrix --json > access.json'],
  })
  matrix(): CommandResult {
    const matrix = accessMatrix(this.#graph, this.#access.roles)
    return new CommandResult({ data: matrix, text: printMatrix(matrix) })
  }

  /** @throws `ACCESS_MATRIX_UNREADABLE` */
  @Command('access:diff <file>', {
    description:
      'Compares with a matrix that was saved: what has become wider and what narrower; 1 when anything wider',
    starts: false,
    examples: ['tenon access diff access.json'],
  })
  async diff(@Param('file') file: string): Promise<CommandResult> {
    const changes = compareMatrices(await readMatrix(file), accessMatrix(this.#graph, this.#access.roles))
    const isWider = changes.some(({ effect }) => effect !== 'narrowed')
    return new CommandResult({ data: { changes }, text: printChanges(changes), exitCode: isWider ? 1 : 0 })
  }

  #endpoint(name: string): Endpoint {
    const { endpoints } = this.#graph
    const found = endpoints.find((each) => describeEndpoint(each) === name || each.name === name)
    if (found) return found
    throw new EndpointUnknown(name, nearestName(name, endpoints.map(describeEndpoint)))
  }

  async #caller(
    user: string,
    given: Readonly<Record<'roles' | 'scopes' | 'tenant', string | undefined>>,
  ): Promise<Principal> {
    const found = (await this.#directory?.find(user)) ?? { id: user }
    const { roles, scopes, tenant } = given
    return {
      ...found,
      ...(roles !== undefined && { roles: roles.split(',') }),
      ...(scopes !== undefined && { scopes: scopes.split(',') }),
      ...(tenant !== undefined && { tenant }),
    }
  }

  async #explain(endpoint: Endpoint, caller: Principal | undefined, id: string | undefined): Promise<Explanation> {
    const decision = decisionOf(endpoint)
    const asked = describeEndpoint(endpoint)
    if (decision?.open) return this.#access.explainFormula(asked, all([], decision.parts[0]), this.#facts(caller))
    if (!decision) {
      const origin = { name: 'no decision', at: endpoint.at }
      return this.#access.explainFormula(asked, { kind: 'any', of: [], origin }, this.#facts(caller))
    }
    const formulas = decision.resources.map(({ policy, action }) => policy.formula(action))
    const formula = all([decision.caller, ...formulas])
    const row = id === undefined ? undefined : await this.#row(decision, id)
    return this.#access.explainFormula(asked, formula, this.#facts(caller, row), decision.resources[0]?.policy)
  }

  #besides(endpoint: Endpoint): Pick<Explanation, 'besides'> {
    const factor = requiredFactorOf(endpoint)
    return factor ? { besides: { says: factor.says, at: printLocation(this.#sourceOf(factor.at)) } } : {}
  }

  #facts(caller: Principal | undefined, row?: object): Parameters<Access['explainFormula']>[2] {
    return { caller, row, roles: this.#access.roles }
  }

  /** Beneath the filters: the one who asks is not the one who is asked about. */
  async #row({ resources }: EndpointDecision, id: string): Promise<object | undefined> {
    const [resource] = resources
    if (!resource) return undefined
    const { rowDatabase } = this.#access
    const entity: Class<object> = resource.policy.entity
    const metadata = rowDatabase.requireMetadata(entity)
    const [column] = metadata.primaryColumns
    const key = { [column!.propertyName]: columnKind(column!) === 'number' ? Number(id) : id }
    const bare = Object.assign(Object.create(entity.prototype as object) as object, key)
    const paths = resources.flatMap(({ policy, action }) => pathsOf(policy.formula(action)))
    return new RowFacts(rowDatabase).complete(bare, metadata, paths)
  }
}

async function readMatrix(file: string): Promise<AccessMatrix> {
  try {
    const found = JSON.parse(await readFile(file, 'utf8')) as Partial<AccessMatrix>
    if (found.version !== 1 || !found.endpoints || !found.callers) throw new TypeError('it has another form')
    return found as AccessMatrix
  } catch (error) {
    throw new MatrixUnreadable(file, (error as Error).message).causedBy(error)
  }
}

/** Conditions are long, so they stand below the table, by number. */
function printMatrix({ callers, endpoints }: AccessMatrix): string {
  const notes: string[] = []
  const short = (cell: string): string => {
    if (!cell.startsWith('when ')) return cell
    if (!notes.includes(cell)) notes.push(cell)
    return `(${notes.indexOf(cell) + 1})`
  }
  const rows = Object.entries(endpoints).map(([name, cells]) => [name, ...callers.map((each) => short(cells[each]!))])
  const widths = ['', ...callers].map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  )
  const lines = [['', ...callers], ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, ...notes.map((note, index) => `(${index + 1}) ${note}`)].join('\n')
}

function printChanges(changes: readonly MatrixChange[]): string {
  if (changes.length === 0) return 'Nothing has changed.'
  return changes
    .map(({ effect, endpoint, caller, before, after }) => `${effect}: ${endpoint} for ${caller}: ${before} -> ${after}`)
    .join('\n')
}
