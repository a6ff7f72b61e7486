/**
 * What an endpoint says about who may call it. The nearest place that says anything decides alone: the method, else its
 * class, else its module. What stands there together must hold together.
 */
import type { Endpoint } from 'tenon'
import {
  AUTHENTICATED,
  AUTHORIZED,
  PUBLIC,
  ROLES,
  SCOPES,
  type CallSite,
  type ConditionNode,
  type ResourceOptions,
} from 'tenon/decorators'

import { all, any, FALSE, formulaOf, literalsOf, TRUE, type Formula, type Origin } from '../conditions/formula.ts'
import { ResourcePolicy } from '../policy/resource-policy.ts'

/** An action on rows of an entity. */
export interface ResourceDecision {
  readonly policy: ResourcePolicy
  readonly action: string
  readonly resource: ResourceOptions
  readonly at: CallSite
}

export interface EndpointDecision {
  /** `@Public` stands there. */
  readonly open: CallSite | undefined
  /** What the caller must be, as it is written. */
  readonly demands: Formula
  /** The same, with what follows of limits on the credential. */
  readonly caller: Formula
  readonly resources: readonly ResourceDecision[]
  /** Every decorator that says something, as it is written. */
  readonly parts: readonly Origin[]
}

/** `undefined`: nothing is said anywhere. */
export function decisionOf(endpoint: Endpoint): EndpointDecision | undefined {
  const open = endpoint.written(PUBLIC)
  const parts: Origin[] = open ? [{ name: '@Public', at: open.at }] : []
  const formulas: Formula[] = []
  const resources: ResourceDecision[] = []
  const demand = (name: string, at: CallSite, node: ConditionNode): void => {
    const origin = { name: `${name} of ${endpoint.name}`, at }
    parts.push(origin)
    formulas.push(withOrigin(formulaOf(node, origin), origin))
  }

  const authenticated = endpoint.written(AUTHENTICATED)
  if (authenticated) {
    const { schemes } = authenticated.value
    demand(`@Authenticated(${printNames(schemes)})`, authenticated.at, { kind: 'known', schemes })
  }
  const roles = endpoint.written(ROLES)
  for (const names of roles?.value ?? []) {
    const of = names.map((name) => ({ kind: 'role', name }) as const)
    demand(`@Roles(${printNames(names)})`, roles!.at, { kind: 'any', of })
  }
  const scopes = endpoint.written(SCOPES)
  for (const names of scopes?.value ?? []) {
    const of = names.map((name) => ({ kind: 'scope', name }) as const)
    demand(`@Scopes(${printNames(names)})`, scopes!.at, { kind: 'all', of: [{ kind: 'known', schemes: [] }, ...of] })
  }
  const authorized = endpoint.written(AUTHORIZED)
  for (const fact of authorized?.value ?? []) {
    const { at } = authorized!
    if ('requirement' in fact) demand('@Authorize', at, fact.requirement.node)
    else {
      const policy = fact.policy as ResourcePolicy
      resources.push({ policy, action: fact.action, resource: fact.resource, at })
      parts.push({ name: `@Authorize(${policy.name}, '${fact.action}') of ${endpoint.name}`, at })
    }
  }

  if (parts.length === 0) return undefined
  // Rights are asked for, and no scope is: no credential that is limited to some may use them.
  const isClosedToLimited = asksForRights(formulas, resources) && !asksForScopes(formulas)
  const demands = all(formulas)
  const caller = isClosedToLimited ? all([...formulas, limitless(endpoint, parts[0]!)]) : demands
  return { open: open?.at, demands, caller, resources, parts }
}

/** When anybody gets through at all; nobody where nothing is said. */
export function formulaOfEndpoint(endpoint: Endpoint): Formula {
  const decision = decisionOf(endpoint)
  if (!decision) return endpoint.transport === 'command' ? TRUE : FALSE
  if (decision.open) return TRUE
  return all([decision.caller, ...decision.resources.map(({ policy, action }) => policy.formula(action))])
}

function asksForRights(formulas: readonly Formula[], resources: readonly unknown[]): boolean {
  return resources.length > 0 || formulas.flatMap(literalsOf).some(({ atom }) => atom.kind === 'role')
}

function asksForScopes(formulas: readonly Formula[]): boolean {
  return formulas.flatMap(literalsOf).some(({ atom }) => atom.kind === 'scope' || atom.kind === 'permission')
}

/** A key that is limited to some scopes must not use the roles of its owner where no scope is asked for. */
function limitless(endpoint: Endpoint, { at }: Origin): Formula {
  const reason = 'the credential is limited to scopes, and the endpoint names none'
  return {
    kind: 'any',
    of: [anonymous(), { kind: 'literal', atom: { kind: 'unlimited' }, negated: false }],
    origin: { name: `the missing @Scopes of ${endpoint.name}`, at, reason },
  }
}

/** Whether nobody may call is not for the limits to say: a list without a caller is for a policy to refuse or not. */
function anonymous(): Formula {
  return { kind: 'literal', atom: { kind: 'known', schemes: [] }, negated: true }
}

function withOrigin(formula: Formula, origin: Origin): Formula {
  return formula.kind === 'literal' ? any([formula], origin) : { ...formula, origin }
}

function printNames(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}
