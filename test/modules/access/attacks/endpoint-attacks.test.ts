import { connect } from 'node:net'

import type { Principal } from 'tenon'
import type { TestApp } from 'tenon/testing'

import { ABE, ADA, CARL, CLEO } from '../service-desk.ts'
import { bootDesk, send, type Attack } from './attack.ts'

const as = (parts: object): Principal => ({ id: 'mallory', ...parts })

const ADMIN_DOOR = { path: '/admin/secrets' }
const adminDoor = (name: string, roles: unknown): Attack => ({
  name,
  attack: { ...ADMIN_DOOR, as: as({ roles }) },
  refused: [403],
  control: { ...ADMIN_DOOR, as: ADA },
  allowed: 200,
})

const ORDERS = { path: '/admin/orders' }
const ordersDoor = (name: string, scopes: unknown): Attack => ({
  name,
  attack: { ...ORDERS, as: as({ roles: ['agent'], scopes }) },
  refused: [403],
  control: { ...ORDERS, as: as({ roles: ['agent'], scopes: ['orders:read'] }) },
  allowed: 200,
})

const ATTACKS: readonly Attack[] = [
  // Privilege escalation by names of roles.
  adminDoor('a role in another case', ['Admin', 'ADMIN']),
  adminDoor('a role with blanks around it', [' admin', 'admin ']),
  adminDoor('a role with a zero-width space', ['admin\u200B']),
  adminDoor('a role in full-width letters', ['\uFF41dmin']),
  adminDoor('a role with a NUL behind it', ['admin\0']),
  adminDoor('the role __proto__', ['__proto__']),
  adminDoor('the role constructor', ['constructor', 'toString', 'hasOwnProperty']),
  adminDoor('roles as text instead of a list', 'admin'),
  adminDoor('roles as an object', { admin: true, includes: () => true }),
  adminDoor('roles as an object that looks like a list', { 0: 'admin', length: 1 }),
  adminDoor('roles in a list of lists', [['admin']]),
  adminDoor('a list of roles by commas', ['agent,admin']),
  adminDoor('a wildcard for roles', ['*']),
  adminDoor('no roles at all', undefined),
  adminDoor('a role that is below', ['agent']),
  {
    name: 'no caller at all',
    attack: ADMIN_DOOR,
    refused: [401, 403],
    control: { ...ADMIN_DOOR, as: ADA },
    allowed: 200,
  },
  {
    name: 'the operator of the machine, over HTTP',
    attack: { ...ADMIN_DOOR, as: as({ kind: 'operator' }) },
    refused: [403],
    control: { ...ADMIN_DOOR, as: ADA },
    allowed: 200,
  },
  {
    name: 'a role of whom one acts for',
    attack: { ...ADMIN_DOOR, as: as({ actor: ADA }) },
    refused: [403],
    control: { ...ADMIN_DOOR, as: { ...ADA, actor: as({}) } },
    allowed: 200,
  },
  {
    name: 'a permission as if it were a role',
    attack: { path: '/admin/reports', as: as({ roles: ['reports:read'], permissions: ['reports:read'] }) },
    refused: [403],
    control: { path: '/admin/reports', as: ABE },
    allowed: 200,
  },
  {
    name: 'a permission that only a scope names',
    attack: { path: '/admin/reports', as: as({ scopes: ['reports:read'] }) },
    refused: [403],
    control: { path: '/admin/reports', as: { ...ABE, scopes: ['reports:read'] } },
    allowed: 200,
  },
  {
    name: 'a permission of the role beyond the scopes of the key',
    attack: { path: '/admin/reports', as: { ...ABE, scopes: ['orders:read'] } },
    refused: [403],
    control: { path: '/admin/reports', as: ABE },
    allowed: 200,
  },

  // Scopes.
  ordersDoor('a wildcard scope', ['orders:*']),
  ordersDoor('a scope that is the beginning of another', ['orders']),
  ordersDoor('a scope that goes on', ['orders:read:all']),
  ordersDoor('a scope in another case', ['Orders:Read']),
  ordersDoor('scopes as one text', 'orders:read orders:write'),
  ordersDoor('scopes that are joined in one entry', ['orders:read orders:write']),
  ordersDoor('an empty list of scopes', []),
  ordersDoor('scopes as an object', { includes: () => true }),
  {
    name: 'a key that is limited to scopes, with the roles of its owner, where no scope is asked for',
    attack: { ...ADMIN_DOOR, as: { ...ADA, scopes: ['orders:read'] } },
    refused: [403],
    control: { ...ADMIN_DOOR, as: ADA },
    allowed: 200,
  },
  {
    name: 'scopes without the role that is asked for as well',
    attack: { ...ORDERS, as: as({ roles: ['customer'], scopes: ['orders:read'] }) },
    refused: [403],
    control: { ...ORDERS, as: as({ roles: ['agent'], scopes: ['orders:read'] }) },
    allowed: 200,
  },

  // Other ways to the same endpoint.
  ...['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].map((method): Attack => ({
    name: `the method ${method} on what only GET answers`,
    attack: { ...ADMIN_DOOR, method, as: CLEO },
    refused: method === 'OPTIONS' ? [204] : [403, 404, 405],
    control: { ...ADMIN_DOOR, as: ADA },
    allowed: 200,
  })),
  ...['x-http-method-override', 'x-http-method', 'x-method-override'].map((header): Attack => ({
    name: `another method by the header ${header}`,
    attack: { path: '/tickets/1', method: 'GET', headers: { [header]: 'DELETE' }, as: CARL },
    refused: [404],
    control: { path: '/tickets/1', as: CLEO },
    allowed: 200,
  })),
  ...[
    ['a slash at the end', '/admin/secrets/'],
    ['two slashes', '/admin//secrets'],
    ['another case', '/Admin/SECRETS'],
    ['an encoded letter', '/admin/%73ecrets'],
    ['an encoded slash', '/admin%2Fsecrets'],
    ['letters encoded twice', '/admin/%2573ecrets'],
    ['a parameter of the path', '/admin;x=1/secrets'],
    ['an extension', '/admin/secrets.json'],
    ['a detour over a public neighbour', '/admin/status/..%2Fsecrets'],
    ['a NUL at the end', '/admin/secrets%00'],
    ['a query that looks like a public path', '/admin/secrets?/admin/status'],
  ].map(([name, path]): Attack => ({
    name: `a protected path with ${name}`,
    attack: { path: path!, as: CLEO },
    refused: [400, 403, 404],
    control: { ...ADMIN_DOOR, as: ADA },
    allowed: 200,
  })),
  {
    name: 'the rights of a method on its public neighbour of the same class',
    attack: { path: '/admin/statistics', as: CLEO },
    refused: [403],
    control: { path: '/admin/status', as: CLEO },
    allowed: 200,
  },
  {
    name: 'an identity by a header of its own making',
    attack: { ...ADMIN_DOOR, headers: { 'x-user': 'ada', 'x-roles': 'admin', 'x-test-identity': 'guess' } },
    refused: [401, 403],
    control: { ...ADMIN_DOOR, as: ADA },
    allowed: 200,
  },
]

describe('Attacks on endpoints', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await bootDesk()
  })
  afterAll(() => app.close())

  it.each(ATTACKS)('fail: $name', async ({ attack, refused, control, allowed }) => {
    const response = await send(app, attack)
    const twin = await send(app, control)

    expect(refused).toContain(response.status)
    expect(await response.text()).not.toMatch(/^secrets$|^orders$|^reports$/)
    expect(twin.status).toBe(allowed)
  })

  it('fail: paths with dots, sent as they are', async () => {
    const { hostname, port } = new URL(await app.url())
    const ask = (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(`GET ${path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\n\r\n`),
        )
        let answer = ''
        socket.on('data', (data) => (answer += String(data)))
        socket.on('error', reject)
        socket.on('close', () => resolve(answer))
      })

    for (const path of ['/admin/status/../secrets', '/admin/./secrets', '/admin/status/%2e%2e/secrets']) {
      expect(await ask(path)).toMatch(/^HTTP\/1.1 (400|403|404) /)
    }
    expect(await ask('/admin/status')).toMatch(/^HTTP\/1.1 200 /)
  })
})
