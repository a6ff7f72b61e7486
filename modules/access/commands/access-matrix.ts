/** Who may call what: every endpoint by every role, as data that can be saved and compared. */
import { describeEndpoint, type Endpoint, type ModuleGraph, type Principal } from 'tenon'

import { FALSE, literalsOf, TRUE } from '../conditions/formula.ts'
import { printFormula } from '../conditions/print-formula.ts'
import { residual } from '../conditions/residual.ts'
import { formulaOfEndpoint } from '../decisions/endpoint-decision.ts'
import { requiredFactorOf } from '../decisions/required-factor.ts'
import type { RoleBook } from '../roles/role-book.ts'

/** `yes`, `no`, or `when …` with what it depends on. */
export type MatrixCell = string

export interface AccessMatrix {
  readonly version: 1
  /** `nobody` (no caller), `anyone` (known, without a role), the roles, and `shell`: who sits at the machine. */
  readonly callers: readonly string[]
  readonly endpoints: Readonly<Record<string, Readonly<Record<string, MatrixCell>>>>
}

const NOBODY = 'nobody'
const ANYONE = 'anyone'
const SHELL = 'shell'

export function accessMatrix(graph: ModuleGraph, roles: RoleBook): AccessMatrix {
  const callers = [NOBODY, ANYONE, ...namesOf(graph, roles), SHELL]
  const endpoints = graph.endpoints
    .map((endpoint) => {
      const cells = callers.map((caller) => [caller, cellOf(endpoint, caller, roles)] as const)
      return [describeEndpoint(endpoint), Object.fromEntries(cells)] as const
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { version: 1, callers, endpoints: Object.fromEntries(endpoints) }
}

/** Commands come from the shell and nothing else does, whatever roles anybody has. */
function cellOf(endpoint: Endpoint, caller: string, roles: RoleBook): MatrixCell {
  if ((endpoint.transport === 'command') !== (caller === SHELL)) return 'no'
  const rest = residual(formulaOfEndpoint(endpoint), callerOf(caller), roles, true)
  if (rest === FALSE) return 'no'
  // Whoever sits at the machine has nothing to prove to a command.
  const factor = caller === SHELL ? undefined : requiredFactorOf(endpoint)
  const isChoice = factor !== undefined && rest.kind === 'any' && rest.of.length > 1
  const condition = isChoice ? `(${printFormula(rest)})` : printFormula(rest)
  const wanted = [...(rest === TRUE ? [] : [condition]), ...(factor ? [factor.says] : [])]
  return wanted.length === 0 ? 'yes' : `when ${wanted.join(' and ')}`
}

function callerOf(name: string): Principal | undefined {
  if (name === NOBODY) return undefined
  if (name === SHELL) return { id: 'somebody', kind: 'operator' }
  return { id: 'somebody', roles: name === ANYONE ? [] : [name] }
}

function namesOf(graph: ModuleGraph, roles: RoleBook): readonly string[] {
  if (roles.names.length > 0) return roles.names
  const literals = graph.endpoints.flatMap((endpoint) => literalsOf(formulaOfEndpoint(endpoint)))
  return [...new Set(literals.flatMap(({ atom }) => (atom.kind === 'role' ? [atom.name] : [])))].toSorted()
}

export interface MatrixChange {
  readonly endpoint: string
  readonly caller: string
  readonly before: MatrixCell
  readonly after: MatrixCell
  /** A condition that became another one may let in others, and counts as wider until somebody has looked. */
  readonly effect: 'widened' | 'narrowed' | 'changed'
}

/** What is otherwise than it was. An endpoint that is new was closed to all; one that is gone is closed. */
export function compareMatrices(before: AccessMatrix, after: AccessMatrix): readonly MatrixChange[] {
  const endpoints = new Set([...Object.keys(before.endpoints), ...Object.keys(after.endpoints)])
  const callers = new Set([...before.callers, ...after.callers])
  return [...endpoints].toSorted().flatMap((endpoint) =>
    [...callers].flatMap((caller): readonly MatrixChange[] => {
      const was = cell(before, endpoint, caller)
      const is = cell(after, endpoint, caller)
      if (was === is) return []
      const difference = rank(is) - rank(was)
      const effect = difference > 0 ? 'widened' : difference < 0 ? 'narrowed' : 'changed'
      return [{ endpoint, caller, before: was, after: is, effect }]
    }),
  )
}

/** A role that is new had the rights of everybody who has none. */
function cell({ endpoints, callers }: AccessMatrix, endpoint: string, caller: string): MatrixCell {
  const cells = Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint]! : {}
  return cells[callers.includes(caller) ? caller : ANYONE] ?? 'no'
}

function rank(value: MatrixCell): number {
  if (value === 'yes') return 2
  return value === 'no' ? 0 : 1
}
