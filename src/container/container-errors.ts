/** What may go wrong when something is asked of the container by hand; listed wiring is proved before. */
import { defineError } from '../errors/define-error.ts'

export const ProviderNotFound = defineError({
  code: 'CONTAINER_PROVIDER_NOT_FOUND',
  status: 500,
  message: (token: string, path: string) => `Nothing provides ${token}${path === '' ? '' : ` (${path})`}.`,
  help: 'List it under `providers` of a module that the application imports.',
})

export const ProviderAmbiguous = defineError({
  code: 'CONTAINER_PROVIDER_AMBIGUOUS',
  status: 500,
  message: (token: string, count: number) => `${count} providers of ${token} exist, and none of them is primary.`,
  help: 'Mark one with @Primary(), or inject all of them with @InjectAll().',
})

export const InjectOutsideConstruction = defineError({
  code: 'CONTAINER_INJECT_OUTSIDE',
  status: 500,
  message: (token: string) => `inject(${token}) was called while nothing was being built by the container.`,
  help: 'Call it in a field initializer or constructor of a provider; elsewhere inject Container and call get().',
})

export const ConstructionFailed = defineError({
  code: 'CONTAINER_CONSTRUCTION_FAILED',
  status: 500,
  message: (path: string, reason: string) => `${path} could not be built: ${reason}`,
  help: 'See the cause below; the path shows who asked for it.',
})

export const LifecycleFailed = defineError({
  code: 'LIFECYCLE_FAILED',
  status: 500,
  message: (provider: string, turn: string, reason: string) => `${provider} failed at ${turn}: ${reason}`,
  help: 'See the cause below; what was initialized before it has been shut down again.',
})

export const ConstructionCycle = defineError({
  code: 'CONTAINER_CONSTRUCTION_CYCLE',
  status: 500,
  message: (path: string) => `A cycle through inject() was found while building: ${path}.`,
  help: 'Cut one edge: publish an event, depend on an abstract class, or call Container.get() when it is needed.',
})
