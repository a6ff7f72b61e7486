/** An endpoint and its chain as the tool shows them. */
import { PUBLIC, type Phase } from '../../decorators/index.ts'
import type { BuiltProgram } from '../application/program.ts'
import { printLocation, sourceOf } from '../errors/source-location.ts'
import type { ChainLink, EndpointChain } from '../pipeline/chain-of.ts'
import { EndpointChains } from '../pipeline/endpoint-chains.ts'
import { describeEndpoint, type Endpoint } from '../pipeline/endpoint.ts'

export interface DescribedRoute {
  /** `GET`; empty for entries that are no route. */
  readonly method: string
  readonly path: string
  /** Versions as they are declared; empty without any. */
  readonly version: string
  /** Who may call it, in a few words: `public`, `own tenant, permission tickets:read, read Ticket`. */
  readonly access: string
  readonly handler: string
  readonly module: string
  /** Interceptors, outermost first. */
  readonly chain: readonly string[]
  readonly at: string
}

/** What is said first says most. */
const DECIDING: readonly Phase[] = ['authorize', 'authenticate']

export function chainIn({ container }: Pick<BuiltProgram, 'container'>, endpoint: Endpoint): EndpointChain {
  return container.get(EndpointChains).of(endpoint)
}

export function describeRoute(program: BuiltProgram, endpoint: Endpoint): DescribedRoute {
  const { links } = chainIn(program, endpoint)
  const { route, name, module, at } = endpoint
  return {
    method: route?.method ?? '',
    path: route?.path ?? describeEndpoint(endpoint),
    version: [route?.version ?? []].flat().map(String).join(', '),
    access: accessOf(endpoint, links),
    handler: name,
    module: module?.name ?? '',
    chain: links.map((link) => link.name),
    at: printLocation(sourceOf(at)),
  }
}

/**
 * What those who decide say of it, what is said most first: `public`, `own tenant, role admin`; `open` when nobody
 * decides.
 */
function accessOf(endpoint: Endpoint, links: readonly ChainLink[]): string {
  const isPublic = endpoint.read(PUBLIC) !== undefined
  const words = new Set([isPublic ? 'public' : '', ...links.map(wordsOf)].filter(Boolean))
  return words.size === 0 ? 'open' : [...words].join(', ')
}

function wordsOf({ name, phase, description: { access, does } }: ChainLink): string {
  return access ?? (DECIDING.includes(phase) ? (does ?? name) : '')
}
