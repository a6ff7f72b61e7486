/** What a transient cannot have: an asynchronous factory, and methods that the application calls on singletons only. */
import {
  CATCHES,
  decoratedMembers,
  emittedReturnType,
  HEALTH_CHECK,
  ON_DRAIN,
  ON_INIT,
  ON_READY,
  ON_SHUTDOWN,
  type CallSite,
  type MemberName,
} from '../../../decorators/index.ts'
import type { ProviderModel } from '../../graph/module-graph.ts'
import type { CheckRule } from '../check-rule.ts'
import { providerSite, subjectOf } from '../describe-provider.ts'
import { defineDiagnostic } from '../diagnostic.ts'

export const TransientAsync = defineDiagnostic({
  code: 'WIRING_TRANSIENT_ASYNC',
  message: (maker: string, token: string) => `${maker} makes ${token} asynchronously, and ${token} is transient.`,
  help: 'Make it a singleton, which is awaited at boot, or make the factory synchronous.',
})

export const LifecycleOnTransient = defineDiagnostic({
  code: 'LIFECYCLE_ON_TRANSIENT',
  message: (member: string, word: string, type: string) =>
    `${member} is marked ${word}, and would never be called: ${type} is transient.`,
  help: (_member, _word, type) => `Make ${type} a singleton, or do this work in its constructor.`,
})

const WORDS = [
  ['@OnInit()', ON_INIT],
  ['@OnReady()', ON_READY],
  ['@OnDrain()', ON_DRAIN],
  ['@OnShutdown()', ON_SHUTDOWN],
  ['@HealthCheck()', HEALTH_CHECK],
] as const

export const transientProviders: CheckRule = ({ graph }) =>
  graph.providers
    .filter(({ lifetime, kind }) => lifetime === 'transient' && kind !== 'existing')
    .flatMap((provider) => [
      ...(isAsync(provider)
        ? [TransientAsync({ at: providerSite(provider) }, subjectOf(provider), provider.name)]
        : []),
      ...lifecycleMethods(provider).map(({ member, word, at }) =>
        LifecycleOnTransient({ at }, member, word, provider.implementation?.name ?? provider.name),
      ),
    ])

function isAsync({ kind, create, member, module }: ProviderModel): boolean {
  if (kind === 'factory') return isAsyncFunction(create)
  if (kind !== 'method' || member === undefined) return false
  const method = (module.type.prototype as Record<MemberName, unknown>)[member]
  return isAsyncFunction(method) || emittedReturnType(module.type, member) === Promise
}

function isAsyncFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]'
}

function lifecycleMethods({
  implementation: type,
}: ProviderModel): readonly { readonly member: string; readonly word: string; readonly at: CallSite }[] {
  if (!type) return []
  return decoratedMembers(type).flatMap((member) => {
    const marks = [
      ...WORDS.map(([word, key]) => ({ word, at: key.written(type, member)?.at })),
      { word: '@Catch()', at: CATCHES.written(type, member)[0]?.at },
    ]
    return marks.flatMap(({ word, at }) => (at ? [{ member: `${type.name}.${String(member)}`, word, at }] : []))
  })
}
