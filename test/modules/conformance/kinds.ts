/** Which kinds of endpoints there are: read from the source of the framework and from programs, never from a list. */
import { globSync, readFileSync } from 'node:fs'

import type { Endpoint } from 'tenon'

const SOURCES = ['src/**/*.ts', 'modules/**/*.ts']
const TRANSPORT = /\btransport: '([\w-]+)'/g

/** Each word that the framework gives an endpoint as its transport. */
export function transportsInSource(root: URL): ReadonlySet<string> {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root }))
  return new Set(
    files.flatMap((file) =>
      [...readFileSync(new URL(file, root), 'utf8').matchAll(TRANSPORT)].map(([, word]) => word!),
    ),
  )
}

/** HTTP has more than one way to read a call or to answer it; every other transport is one kind. */
export function kindOf({ transport, route, parameters }: Endpoint): string {
  if (transport !== 'http') return transport
  if (!route) return 'http, unanswered'
  if (route.sse) return 'http, events'
  return parameters.some(({ source }) => source?.kind === 'file' || source?.kind === 'files') ? 'http, upload' : 'http'
}
