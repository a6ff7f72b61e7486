/** Who is compared, and the program each of them starts for a scenario. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `folder` holds one program per scenario; `variant` of a peer takes part where it has a program of its own. */
const PEERS = {
  raw: { folder: '../servers/raw' },
  'raw-typeorm': { folder: '../servers/raw', variant: 'typeorm' },
  tenon: { folder: '../dist/tenon' },
  'tenon-etag': { folder: '../dist/tenon', only: ['s1'], env: { HTTP_ETAG: 'true' } },
  'tenon-middleware': { folder: '../dist/tenon', variant: 'middleware', env: { LOG_LEVEL: 'warn' } },
  'tenon-modules': { folder: '../dist/tenon', variant: 'modules' },
  'tenon-token': { folder: '../dist/tenon', variant: 'token', only: ['cost-access'] },
  'tenon-row-security': {
    folder: '../dist/tenon',
    variant: 'modules',
    only: ['cost-tenancy'],
    env: { TENANCY_ROW_SECURITY: 'true' },
  },
  'tenon-metrics': { folder: '../dist/tenon', only: ['s2', 's7'], env: { BENCH_OBSERVED: 'metrics' } },
  'tenon-traces': {
    folder: '../dist/tenon',
    only: ['s2', 's7'],
    env: { BENCH_OBSERVED: 'traces', OTEL_TRACES_SAMPLER_ARG: '0.1' },
    // Most of what it has besides runs for one call in ten.
    rarity: 10,
  },
  fastify: { folder: '../servers/fastify' },
  hono: { folder: '../servers/hono' },
  express: { folder: '../servers/express' },
  'express-noetag': { folder: '../servers/express', variant: 'noetag' },
  'nest-fastify': { folder: '../dist/nest', env: { BENCH_NEST: 'fastify' } },
  'nest-express': { folder: '../dist/nest', env: { BENCH_NEST: 'express' } },
}

/** What everything is compared with. */
export const REFERENCE = 'raw'
export const PEER_NAMES = Object.keys(PEERS)

/** Peers that need nothing but the root's packages. */
export const OWN_PEERS = [
  'raw',
  'tenon',
  'tenon-etag',
  'tenon-modules',
  'tenon-token',
  'tenon-row-security',
  'tenon-metrics',
  'tenon-traces',
]

/** One of how many calls runs the code that the peer is measured for: as many more must be answered before it is warm. */
export function rarityOf(peer) {
  return PEERS[peer].rarity ?? 1
}

/** The program of a peer for `s1` ... `s8`; `undefined` where it has none. */
export function programOf(peer, scenario) {
  const { folder, variant, only, env = {} } = PEERS[peer]
  if (only && !only.includes(scenario)) return undefined
  const script = fileURLToPath(new URL(`${folder}/${scenario}${variant ? `-${variant}` : ''}.js`, import.meta.url))
  return existsSync(script) ? { peer, script, env } : undefined
}
