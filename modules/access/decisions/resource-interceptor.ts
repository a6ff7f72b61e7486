/**
 * `@Authorize(Policy, action, { by })`: loads the row the endpoint is about, decides on it, and on the fields that the
 * body would write. It runs when arguments are bound, since they say which row is meant.
 */
import {
  Container,
  describeProblem,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor, type ResourceLoader } from 'tenon/decorators'

import { FieldRefused, ResourceNotFound } from '../access-errors.ts'
import { Access } from '../access.ts'
import { decisionOf, type ResourceDecision } from './endpoint-decision.ts'
import { LOADED_RESOURCES } from './loaded-resources.ts'

@Interceptor({ phase: 'validate', order: 100 })
export class ResourceInterceptor implements EndpointInterceptor {
  readonly #access: Access
  readonly #container: Container

  constructor(access: Access, container: Container) {
    this.#access = access
    this.#container = container
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const decision = decisionOf(endpoint)
    if (!decision || decision.open) return undefined
    const steps = decision.resources.flatMap((each) => this.#stepOf(endpoint, each))
    if (steps.length === 0) return undefined
    return {
      before: async (context) => {
        for (const step of steps) await step(context)
      },
    }
  }

  describe(endpoint: Endpoint): InterceptorDescription | undefined {
    const resources = decisionOf(endpoint)?.resources ?? []
    const problems = resources.flatMap(({ policy, action, resource }) => [
      ...(findsRow(resource)
        ? [describeProblem(ResourceNotFound, `the caller may not see this ${policy.entity.name}`)]
        : []),
      ...(policy.hasFieldRules(action) && resource.fields !== 'drop' && bodyOf(endpoint)
        ? [describeProblem(FieldRefused, 'the body has fields that the caller may not write')]
        : []),
    ])
    return problems.length === 0 ? undefined : { problems }
  }

  #stepOf(endpoint: Endpoint, decision: ResourceDecision): readonly ((context: CallContext) => Promise<void>)[] {
    const { policy, action, resource } = decision
    const body = policy.hasFieldRules(action) ? bodyOf(endpoint) : undefined
    const find = findsRow(resource) ? this.#finderOf(endpoint, decision) : undefined
    if (!find && !body) return []
    return [
      async (context) => {
        const row = await find?.(context)
        if (row) await this.#decide(context, decision, row)
        if (body) await this.#decideFields(context, decision, row ?? policy.entity, body)
      },
    ]
  }

  #finderOf(endpoint: Endpoint, { policy, resource }: ResourceDecision): (context: CallContext) => Promise<object> {
    const { by, load } = resource
    const keyOf = keyReader(endpoint, by)
    const entity = policy.entity
    return async (context) => {
      const found = load
        ? await this.#container.get<ResourceLoader>(load).load(context as never)
        : await this.#access.rowDatabase.load(entity, keyOf(context))
      if (typeof found === 'object' && found !== null) return found
      throw new ResourceNotFound(entity.name, printKey(keyOf(context)))
    }
  }

  /** Who may not even read the row is told what is told when there is none. */
  async #decide(context: CallContext, { policy, action, resource }: ResourceDecision, row: object): Promise<void> {
    const caller = context.principal
    if (await this.#access.can(action, row, { caller })) {
      context.set(LOADED_RESOURCES, [...(context.get(LOADED_RESOURCES) ?? []), row])
      return
    }
    const refusal = this.#access.refusal(await this.#access.explain(action, row, { caller }), caller)
    const hides = policy.actions.includes('read') && !(await this.#access.can('read', row, { caller }))
    if (!hides) throw refusal
    const key = keyReader(context.endpoint, resource.by)(context)
    throw new ResourceNotFound(policy.entity.name, printKey(key)).causedBy(refusal)
  }

  async #decideFields(
    context: CallContext,
    { action, resource }: ResourceDecision,
    subject: object,
    body: BodyParameter,
  ): Promise<void> {
    const caller = context.principal
    const fields = body.fieldsOf(context.args[body.index])
    const refused = await this.#access.refusedFields(action, subject, fields, { caller })
    if (refused.length === 0) return
    if (resource.fields === 'drop') {
      context.args = context.args.with(body.index, body.without(context.args[body.index], refused))
      return
    }
    const explanation = await this.#access.explain(action, subject, { caller, field: refused[0]! })
    throw new FieldRefused(refused, this.#access.report(explanation, caller))
  }
}

/** The argument that says which row is meant. */
function keyReader({ parameters }: Endpoint, by: string | undefined): (context: CallContext) => unknown {
  const parameter = parameters.find(
    ({ source }) => by !== undefined && source && 'name' in source && source.name === by,
  )
  return ({ args }) => (parameter ? args[parameter.index] : undefined)
}

function printKey(key: unknown): string {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : ''
}

function findsRow({ by, load }: ResourceDecision['resource']): boolean {
  return by !== undefined || load !== undefined
}

/** The argument that fields come in by: the body, or one field of it. */
interface BodyParameter {
  readonly index: number
  fieldsOf(argument: unknown): readonly string[]
  without(argument: unknown, fields: readonly string[]): unknown
}

function bodyOf({ parameters }: Endpoint): BodyParameter | undefined {
  const found = parameters.find(({ source }) => source?.kind === 'body')
  if (!found) return undefined
  const { index, source } = found
  const name = source && 'name' in source ? source.name : undefined
  if (name !== undefined) {
    return { index, fieldsOf: (value) => (value === undefined ? [] : [name]), without: () => undefined }
  }
  return { index, fieldsOf: writtenFields, without: withoutFields }
}

/** What is sent, in a list or alone; what is left out stays as it is. */
function writtenFields(body: unknown): readonly string[] {
  if (Array.isArray(body)) return [...new Set(body.flatMap(writtenFields))]
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [name]))
}

function withoutFields(body: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(body)) return body.map((each) => withoutFields(each, fields))
  if (typeof body !== 'object' || body === null) return body
  const copy = Object.assign(Object.create(Object.getPrototypeOf(body) as object) as Record<string, unknown>, body)
  for (const field of fields) delete copy[field]
  return copy
}
