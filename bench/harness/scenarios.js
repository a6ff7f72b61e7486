/**
 * What is asked of every peer. `checks` are compared with the reference before anything is timed: `status`, and the
 * body where the answer is a success. `load` is what is repeated under load.
 */
import { JWT_SECRET, ORIGIN, ROUTES } from '../servers/shared/settings.js'
import { ORDER, REFUSED_ORDERS } from './orders.js'
import { sign } from './sign-token.js'

const ROWS = 1000

const json = (value, headers = {}) => ({
  method: 'POST',
  path: '/orders',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof value === 'string' ? value : JSON.stringify(value),
})
const get = (path, headers = {}) => ({ method: 'GET', path, headers })
const as = (role, secret = JWT_SECRET) => ({
  authorization: `Bearer ${sign({ sub: '7', role, roles: [role] }, secret)}`,
})

const clerk = { ...as('clerk'), origin: ORIGIN }
const expired = { authorization: `Bearer ${sign({ sub: '7', role: 'clerk', roles: ['clerk'], exp: 1 }, JWT_SECRET)}` }
const unsigned = { authorization: `Bearer ${sign({ sub: '7', role: 'clerk' }, undefined)}` }

/** Headers every answer of the full stack has, whatever wrote them. */
const FULL_STACK_HEADERS = [
  'access-control-allow-origin',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'x-request-id',
]
/** Whatever the counter calls itself. */
const RATE_LIMIT_HEADER = /^(x-)?ratelimit(-remaining)?$/

const http = [
  {
    id: 's1',
    title: 'S1 hello',
    load: [get('/hello')],
    checks: [
      { ...get('/hello'), status: 200 },
      { ...get('/nothing-here'), status: 404 },
    ],
  },
  {
    id: 's2',
    title: 'S2 params + DI',
    load: [get('/orgs/acme/users/42')],
    checks: [
      { ...get('/orgs/acme/users/42'), status: 200 },
      { ...get('/orgs/b%C3%BCro/users/7'), status: 200 },
      { ...get('/orgs/acme/users/nobody'), status: 400 },
    ],
  },
  {
    id: 's3',
    title: 'S3 validate',
    load: [json(ORDER)],
    checks: [
      { ...json(ORDER), status: 201 },
      ...REFUSED_ORDERS.map((order) => ({ ...json(order), status: 400 })),
      { ...json('{"reference": '), status: 400 },
    ],
  },
  {
    id: 's4',
    title: 'S4 full stack',
    // The access log belongs to this scenario; elsewhere nobody writes one.
    env: { LOG_LEVEL: 'info' },
    load: [json(ORDER, clerk)],
    checks: [
      { ...json(ORDER, clerk), status: 201, sent: FULL_STACK_HEADERS, sentLike: RATE_LIMIT_HEADER },
      ...REFUSED_ORDERS.map((order) => ({ ...json(order, clerk), status: 400 })),
      { ...json(ORDER), status: 401 },
      { ...json(ORDER, as('clerk', 'another secret of at least thirty-two bytes')), status: 401 },
      { ...json(ORDER, expired), status: 401 },
      { ...json(ORDER, unsigned), status: 401 },
      { ...json(ORDER, as('customer')), status: 403 },
    ],
  },
  {
    id: 's5',
    title: 'S5 500 routes',
    load: Array.from({ length: 25 }, (_, index) => get(`/api/r${index * 20 + 19}/${index}`)),
    checks: [
      { ...get('/api/r0/a'), status: 200 },
      { ...get('/api/r250/b%20c'), status: 200 },
      { ...get(`/api/r${ROUTES - 1}/d`), status: 200 },
      { ...get(`/api/r${ROUTES}/e`), status: 404 },
    ],
  },
  {
    id: 's6',
    title: 'S6 per-call state',
    load: [get('/projects', { 'x-tenant': 'acme' })],
    checks: [
      { ...get('/projects', { 'x-tenant': 'acme' }), status: 200 },
      { ...get('/projects', { 'x-tenant': 'other' }), status: 200 },
      { ...get('/projects'), status: 400 },
    ],
  },
]

const rows = ['sqlite', 'postgres'].flatMap((database) => [
  {
    id: `s7-${database}-one`,
    program: 's7',
    database,
    title: `S7 one row, ${database}`,
    load: Array.from({ length: 200 }, (_, index) => get(`/tickets/${index * 5 + 1}`)),
    checks: [
      { ...get('/tickets/1'), status: 200 },
      { ...get(`/tickets/${ROWS}`), status: 200 },
      { ...get(`/tickets/${ROWS + 1}`), status: 404 },
      { ...get('/tickets/first'), status: 400 },
    ],
  },
  {
    id: `s7-${database}-twenty`,
    program: 's7',
    database,
    title: `S7 20 rows, ${database}`,
    load: [get('/tickets?limit=20')],
    checks: [
      { ...get('/tickets?limit=20'), status: 200 },
      { ...get('/tickets?limit=many'), status: 400 },
    ],
  },
])

/** Pairs of one program, without and with a module: the reference is the one without. */
const costs = [
  {
    id: 'cost-access',
    title: 'Cost of a bearer token and a role',
    load: [get('/orgs/acme/users/42', as('clerk'))],
    checks: [{ ...get('/orgs/acme/users/42', as('clerk')), status: 200 }],
  },
  {
    id: 'cost-versioning',
    title: 'Cost of versions, of the newest one',
    load: [get('/orgs/acme/users/42', { 'x-api-version': '2' })],
    checks: [{ ...get('/orgs/acme/users/42', { 'x-api-version': '2' }), status: 200 }],
  },
  ...['sqlite', 'postgres'].map((database) => ({
    id: `cost-tenancy-${database}`,
    program: 'cost-tenancy',
    database,
    title: `Cost of tenancy, one row, ${database}`,
    load: Array.from({ length: 200 }, (_, index) => get(`/tickets/${index * 5 + 1}`, { 'x-tenant-id': 'acme' })),
    checks: [
      { ...get('/tickets/1', { 'x-tenant-id': 'acme' }), status: 200 },
      { ...get(`/tickets/${ROWS + 1}`, { 'x-tenant-id': 'acme' }), status: 404 },
    ],
  })),
].map((scenario) => ({ ...scenario, reference: 'tenon' }))

export const SCENARIOS = [...http, ...rows, ...costs].map((scenario) => ({ program: scenario.id, ...scenario }))
export const ROW_COUNT = ROWS
