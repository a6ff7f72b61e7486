/** Decisions of policies, for services: whether, why not, which rows, and which of their fields. */
import {
  Clock,
  Container,
  Environment,
  Logger,
  ModuleGraph,
  printLocation,
  securityEvents,
  sourceReader,
  tryCtx,
  type Principal,
} from 'tenon'
import type { EntityMetadata, FindOptionsWhere } from 'tenon/data'
import { Injectable, OnInit, type Class } from 'tenon/decorators'

import { AccessConfig } from './access-config.ts'
import { AccessRefused, PolicyMissing } from './access-errors.ts'
import { holds, type Facts } from './conditions/evaluate.ts'
import { all, FALSE, TRUE, type Formula } from './conditions/formula.ts'
import { residual } from './conditions/residual.ts'
import { LOADED_RESOURCES } from './decisions/loaded-resources.ts'
import { decidingOrigin, findMissing } from './explain/explain.ts'
import { printExplanation, type Explanation } from './explain/explanation.ts'
import { printFact } from './explain/print-fact.ts'
import { maskRow } from './masks/mask-row.ts'
import { policyOf, type ResourcePolicy } from './policy/resource-policy.ts'
import { RoleBook } from './roles/role-book.ts'
import { RowDatabase } from './rows/row-database.ts'
import { pathsOf, RowFacts } from './rows/row-facts.ts'

export interface AccessQuestion {
  /** Who asks. Default: the caller of the running call. */
  readonly caller?: Principal | undefined
  /** Asks for this field of the row alone. */
  readonly field?: string
}

export interface VisibleOptions {
  readonly caller?: Principal | undefined
  /** Only rows in which all of these fields may be written (or read). */
  readonly fields?: readonly string[]
}

@Injectable()
export class Access {
  /** Which roles include which, and what they permit. */
  readonly roles: RoleBook
  readonly #config: AccessConfig
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #database: RowDatabase
  readonly #sourceOf = sourceReader()
  #statements = 0

  constructor(
    config: AccessConfig,
    environment: Environment,
    logger: Logger,
    clock: Clock,
    graph: ModuleGraph,
    container: Container,
  ) {
    this.roles = new RoleBook(config.roles)
    this.#config = config
    this.#environment = environment
    this.#logger = logger
    this.#clock = clock
    this.#database = new RowDatabase(graph, container)
  }

  @OnInit()
  async connect(): Promise<void> {
    await this.#database.connect()
  }

  /**
   * Whether the caller may do it to this row; of a class, to any row there could be.
   * @throws `ACCESS_POLICY_MISSING`
   */
  async can(action: string, subject: object | Class<object>, question: AccessQuestion = {}): Promise<boolean> {
    const { policy, row } = this.#subject(subject)
    const formula = policy.formula(action, question.field)
    const caller = callerOf(question)
    if (!row) return residual(formula, caller, this.roles) !== FALSE
    return holds(formula, await this.#facts(policy, formula, row, caller))
  }

  /** @throws `ACCESS_REFUSED`, a 403 at the edge, that says why to those who may know. */
  async require(action: string, subject: object | Class<object>, question: AccessQuestion = {}): Promise<void> {
    if (await this.can(action, subject, question)) return
    throw this.refusal(await this.explain(action, subject, question), callerOf(question))
  }

  /** Why, and what would have to be otherwise. */
  async explain(action: string, subject: object | Class<object>, question: AccessQuestion = {}): Promise<Explanation> {
    const { policy, row } = this.#subject(subject)
    const formula = policy.formula(action, question.field)
    const caller = callerOf(question)
    const facts = row ? await this.#facts(policy, formula, row, caller) : { caller, row: undefined, roles: this.roles }
    const asked = `${action} ${policy.entity.name}${question.field === undefined ? '' : `.${question.field}`}`
    return this.explainFormula(asked, formula, facts, policy)
  }

  /**
   * Criteria for the rows to which the caller may do it: for `find`, `where`, bulk `update` and `delete`.
   * @throws `ACCESS_POLICY_MISSING`, `ACCESS_POLICY_UNTRANSLATABLE`, `ACCESS_DATA_MISSING`
   * @example `await tickets.where(access.visible(Ticket, 'read')).orderBy({ id: 'ASC' })`
   */
  visible<E extends object>(entity: Class<E>, action: string, options: VisibleOptions = {}): FindOptionsWhere<E> {
    const policy = this.policyFor(entity)
    const { fields } = options
    const formula = fields
      ? all([policy.formula(action), ...fields.map((field) => policy.formula(action, field))])
      : policy.formula(action)
    const metadata = this.#database.requireMetadata(entity)
    return this.#criteria(residual(formula, callerOf(options), this.roles), metadata)
  }

  /** A copy without the fields that the caller may not read; at once where all facts are there. */
  mask<E extends object>(row: E, question: AccessQuestion = {}): Partial<E> | Promise<Partial<E>> {
    const { policy } = this.#subject(row)
    return maskRow(row, {
      policy,
      action: 'read',
      caller: callerOf(question),
      roles: this.roles,
      facts: new RowFacts(this.#database),
      metadata: this.#database.metadata(policy.entity),
    })
  }

  /** Which of these fields of a row the caller may not write; of a class, in no row there could be. */
  async refusedFields(
    action: string,
    subject: object | Class<object>,
    fields: readonly string[],
    question: AccessQuestion = {},
  ): Promise<readonly string[]> {
    const allowed = await Promise.all(fields.map((field) => this.can(action, subject, { ...question, field })))
    return fields.filter((_, index) => !allowed[index])
  }

  /** The row that `@Authorize(Policy, action, { by })` has loaded for the running call. */
  loaded<E extends object>(entity: Class<E>): E | undefined {
    return tryCtx()
      ?.get(LOADED_RESOURCES)
      ?.find((each): each is E => each instanceof entity)
  }

  /** @throws `ACCESS_POLICY_MISSING` */
  policyFor(entity: Class<object>): ResourcePolicy {
    const policy = policyOf(entity)
    if (!policy) throw new PolicyMissing(entity.name)
    return policy
  }

  /** Criteria of a filtered entity; `undefined` where nothing is filtered. @internal */
  criteria(
    policy: ResourcePolicy,
    action: string,
    metadata: EntityMetadata,
    caller: Principal | undefined,
  ): object | undefined {
    const rest = residual(policy.formula(action), caller, this.roles)
    return rest === TRUE ? undefined : this.#criteria(rest, metadata)
  }

  /** @internal */
  get rowDatabase(): RowDatabase {
    return this.#database
  }

  /** @internal */
  explainFormula(asked: string, formula: Formula, facts: Facts, policy?: ResourcePolicy): Explanation {
    const allowed = holds(formula, facts)
    const { facts: missing, origin } = allowed
      ? { facts: [], origin: decidingOrigin(formula, facts) }
      : findMissing(formula, facts)
    const row = policy ? lowerFirst(policy.entity.name) : 'row'
    const at = origin?.at ?? policy?.at
    return {
      allowed,
      asked,
      rule: origin?.name ?? (policy ? `${policy.name}, which has no rule that allows it` : 'no rule'),
      at: at ? printLocation(this.#sourceOf(at)) : '<unknown place>',
      ...(origin?.reason === undefined ? {} : { reason: origin.reason }),
      needs: missing.map((fact) => printFact(fact, row)),
      facts: missing,
    }
  }

  /** Tells the log and whoever watches, and makes the error. @internal */
  refusal(explanation: Explanation, caller: Principal | undefined): Error {
    return new AccessRefused(explanation.asked, this.report(explanation, caller))
  }

  /** @returns What the caller may know of it. @internal */
  report(explanation: Explanation, caller: Principal | undefined): Explanation | undefined {
    const context = tryCtx()
    const { rule, at, asked } = explanation
    const log = context?.log ?? this.#logger
    log.warn(`Access refused: ${printExplanation(explanation)}`, {
      principalId: caller?.id,
      rule,
      at,
      needs: explanation.needs,
    })
    securityEvents.publish({
      type: 'access.refused',
      outcome: 'refused',
      ...(caller && { principalId: caller.id }),
      subject: context?.endpoint.name ?? asked,
      reason: rule,
      at: this.#clock.epochMs(),
      details: { asked, rule: at, needs: explanation.needs.join(' and ') },
    })
    return this.#mayKnow(caller) ? explanation : undefined
  }

  #mayKnow(caller: Principal | undefined): boolean {
    const { explain, explainPermission } = this.#config
    if (explain === 'everyone' || (explain === 'auto' && this.#environment.isDevelopment)) return true
    return caller !== undefined && this.roles.hasPermission(caller, explainPermission)
  }

  #subject(subject: object): { readonly policy: ResourcePolicy; readonly row: object | undefined } {
    if (typeof subject === 'function') return { policy: this.policyFor(subject as Class<object>), row: undefined }
    return { policy: this.policyFor(subject.constructor as Class<object>), row: subject }
  }

  async #facts(policy: ResourcePolicy, formula: Formula, row: object, caller: Principal | undefined): Promise<Facts> {
    const metadata = this.#database.metadata(policy.entity)
    const complete = await new RowFacts(this.#database).complete(row, metadata, pathsOf(formula))
    return { caller, row: complete, roles: this.roles }
  }

  #criteria(rest: Formula, metadata: EntityMetadata): object {
    const prefix = `access_${(this.#statements = (this.#statements + 1) % Number.MAX_SAFE_INTEGER)}`
    return this.#database.criteria(metadata, (row) => this.#database.writer(metadata, row, prefix).write(rest))
  }
}

function callerOf(question: { readonly caller?: Principal | undefined }): Principal | undefined {
  return 'caller' in question ? question.caller : tryCtx()?.principal
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
