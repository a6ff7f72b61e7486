/** The contract of the program that runs. */
import { printLocation, sourceReader, type EndpointChains } from 'tenon'
import type { OpenApi } from 'tenon/openapi'

import type { Contract, OperationFacts } from './contract.ts'

/** A contract, and where each of its operations is written. */
export interface TakenContract {
  readonly contract: Contract
  /** `src/tickets/tickets-controller.ts:20:3` by `GET /tickets/{id}`. */
  readonly places: ReadonlyMap<string, string>
}

const ACCESS_PHASES: ReadonlySet<string> = new Set(['authenticate', 'authorize'])

export async function takeContract(openApi: OpenApi, chains: EndpointChains, version?: string): Promise<TakenContract> {
  // Rules one by one are nothing to agree upon: the schemas say what they say together.
  const [document, { operations }] = await Promise.all([openApi.document(version), openApi.traced(version)])
  const toSource = sourceReader()
  const facts: [string, OperationFacts][] = []
  const places = new Map<string, string>()
  for (const { path, method, endpoint } of operations) {
    const key = `${method.toUpperCase()} ${path}`
    const access = chains
      .of(endpoint)
      .links.filter(({ phase }) => ACCESS_PHASES.has(phase))
      .flatMap(({ description }) => description.does ?? [])
    facts.push([key, { handler: endpoint.name, access }])
    places.set(key, printLocation(toSource(endpoint.at)))
  }
  return { contract: { version, operations: Object.fromEntries(facts), document }, places }
}
