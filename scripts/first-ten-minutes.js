/**
 * The first ten minutes of somebody new, for real: the package as npm gets it is installed into an empty folder far from
 * this repository; a project is made, three related resources are generated, checked, migrated, tested, started; every
 * route is called; three things are broken on purpose, and the messages compared with what they should say. Then the same
 * three resources go into the starter kit, where rows have tenants and routes have policies.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { PACKAGE_FOLDER } from './pack.js'
import { giveUp } from './run.js'

const NPM_FLAGS = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error', '--prefer-offline']
const LONGEST_START_MS = 30_000
const TOOL = join('node_modules', 'tenon', 'bin', 'tenon.js')

/** In the order of their relations, with what a caller sends. */
const RESOURCES = [
  {
    path: '/customers',
    words: ['customer', 'name:string', 'email:email:unique'],
    body: () => ({ name: 'Ada', email: 'ada@example.org' }),
    change: { name: 'Ada L.' },
  },
  {
    path: '/products',
    words: ['product', 'name:string', 'price:decimal', 'state:enum(draft,sold)=draft', 'customer:belongsTo'],
    body: (ids) => ({ name: 'Lamp', price: 19.99, customerId: ids['/customers'] }),
    change: { price: 21.5, state: 'sold' },
  },
  {
    path: '/orders',
    words: ['order', 'orderedAt:datetime', 'note:text?', 'customer:belongsTo', 'product:belongsTo?'],
    body: (ids) => ({
      orderedAt: '2026-05-01T10:00:00.000Z',
      customerId: ids['/customers'],
      productId: ids['/products'],
    }),
    change: { note: 'In a hurry' },
  },
  // Brought by the template.
  { path: '/tasks', words: undefined, body: () => ({ title: 'Call Ada' }), change: { isDone: true } },
]

/** An agent of each of two organisations of the starter kit's demo; an admin needs a second factor before anything else. */
const DEMO = {
  members: ['ben.okafor@northwind.example', 'jonas.weber@harbour-clinic.example'],
  password: 'service-desk-demo',
}

/** Neither the settings of this shell nor those of the repository reach a project of somebody else; how npm is reached does. */
const { PATH, HOME, APPDATA, NODE_EXTRA_CA_CERTS, npm_config_registry: registry, npm_config_cache: cache } = process.env
const ENVIRONMENT = clean({
  PATH,
  HOME,
  APPDATA,
  NODE_EXTRA_CA_CERTS,
  npm_config_registry: registry,
  npm_config_cache: cache,
  NO_COLOR: '1',
})

export async function firstTenMinutes() {
  const startedAt = Date.now()
  const work = mkdtempSync(join(tmpdir(), 'tenon-first-'))
  try {
    const tarball = await step('npm pack', () => pack(work))
    await walkShop(work, tarball)
    await walkDesk(work, tarball)
    console.log(`Total: ${seconds(startedAt)}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** A project somebody works in. */
function projectIn(folder) {
  const inside = (file, args, options) => run(file, args, { cwd: folder, ...options })
  return {
    inside,
    tenon: (...words) => inside(process.execPath, [TOOL, ...words]),
    npmRun: (script) => inside('npm', ['run', '--silent', script]),
  }
}

async function walkShop(work, tarball) {
  const shop = join(work, 'shop')
  const { inside: inShop, tenon, npmRun } = projectIn(shop)
  const firstAt = Date.now()
  await step('npm install, into an empty folder', async () => {
    writeFileSync(join(work, 'package.json'), '{ "private": true }\n')
    await run('npm', ['install', ...NPM_FLAGS, tarball], { cwd: work })
  })
  await step('tenon new', () => {
    const words = ['new', 'shop', '--yes', '--template', 'api', '--tenon', `file:${tarball}`]
    return run(process.execPath, [TOOL, ...words], { cwd: work })
  })
  await step('build', () => npmRun('build'))
  await step('from nothing to the first 200', () =>
    Server.run(shop, async (server) => {
      expect('GET /tasks', (await fetch(`${server.url}/tasks`)).status, 200)
      return seconds(firstAt)
    }),
  )
  await step('three related resources', async () => {
    for (const { words } of RESOURCES) if (words) await tenon('generate', 'resource', ...words)
  })
  await step('build', () => npmRun('build'))
  await step('lint and check', () => lintAndCheck({ npmRun, tenon }))
  await step('migrate, and nothing differs', async () => {
    const { migrated } = JSON.parse(await tenon('db', 'migrate', '--json'))
    // That of the template has run at the first start.
    expect('migrations', migrated.length, RESOURCES.filter(({ words }) => words).length)
    await tenon('db', 'drift')
  })
  await step('npm test', () => npmRun('test'))
  const routes = JSON.parse(await tenon('routes', '--json'))
  await step('every route', () => Server.run(shop, (server) => callRoutes(server, routes)))
  await step('an unknown field', () =>
    Server.run(shop, async (server) => {
      const response = await send(server, 'POST', '/customers', { name: 'Ada', email: 'a@example.org', colour: 'red' })
      expect('status', response.status, 400)
      expectText('answer', JSON.stringify(await response.json()), ['VALIDATION_FAILED', '/colour'])
    }),
  )
  await step('a missing provider', async () => {
    const file = join(shop, 'src', 'orders', 'orders-module.ts')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('providers: [OrdersService, ', 'providers: ['))
    const said = await inShop(process.execPath, [TOOL, 'check'], { fails: true })
    writeFileSync(file, text)
    expectText('tenon check', said, [
      'WIRING_PROVIDER_MISSING',
      'src/orders/orders-controller.ts:',
      'OrdersController needs OrdersService, and nothing provides it.',
      'fix:',
    ])
  })
  await step('a wrong database URL', async () => {
    const env = { ...ENVIRONMENT, DATABASE_URL: 'postgrs://app@localhost/shop' }
    const said = await inShop(process.execPath, [join('dist', 'src', 'main.js')], { env, fails: true })
    expectText('the start', said, ['DATA_URL_UNREADABLE', 'DATABASE_URL'])
  })
  await step('destroyed, nothing is left', async () => {
    await inShop('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', 'add', '-A'])
    await inShop('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'Mine'])
    await tenon('generate', 'resource', 'invoice', 'total:decimal', 'order:belongsTo')
    await tenon('destroy', 'resource', 'invoice')
    expect('git status', await inShop('git', ['status', '--short']), '')
  })
}

/** The starter kit: what a resource gets there, it has to pass beside everything that the kit brings. */
async function walkDesk(work, tarball) {
  const desk = join(work, 'desk')
  const { tenon, npmRun } = projectIn(desk)
  await step('tenon new, with the starter kit', async () => {
    const words = ['new', 'desk', '--yes', '--template', 'enterprise', '--skip-install', '--tenon', `file:${tarball}`]
    await run(process.execPath, [TOOL, ...words], { cwd: work })
    // The same packages as before.
    symlinkSync(join(work, 'shop', 'node_modules'), join(desk, 'node_modules'), 'junction')
  })
  await step('three related resources', async () => {
    for (const { words } of RESOURCES) if (words) await tenon('generate', 'resource', ...words)
  })
  await step('build', () => npmRun('build'))
  await step('lint and check', () => lintAndCheck({ npmRun, tenon }))
  await step('migrate, and nothing differs', async () => {
    await tenon('db', 'migrate')
    await tenon('db', 'drift')
  })
  await step('npm test, with that of the kit', () => npmRun('test'))
  await step('strangers are refused, and members of the demo let in', () => Server.run(desk, callDesk))
}

async function lintAndCheck({ npmRun, tenon }) {
  await npmRun('lint')
  const { findings } = JSON.parse(await tenon('check', '--json'))
  expect('findings', JSON.stringify(findings), '[]')
}

/** With a login of the demo: what one organisation writes, the other does not see. */
async function callDesk(server) {
  expect('POST /customers of a stranger', (await send(server, 'POST', '/customers', {})).status, 401)
  const [ada, sam] = [await logIn(server, DEMO.members[0]), await logIn(server, DEMO.members[1])]
  const made = await send(server, 'POST', '/customers', { name: 'Ada', email: 'ada@example.org' }, ada)
  expect('POST /customers of a member', made.status, 201)
  expect(
    'customers of its organisation',
    (await (await send(server, 'GET', '/customers', undefined, ada)).json()).total,
    1,
  )
  expect('those of the other one', (await (await send(server, 'GET', '/customers', undefined, sam)).json()).total, 0)
}

async function logIn(server, email) {
  const response = await send(server, 'POST', '/api/auth/token', { email, password: DEMO.password })
  expect(`login of ${email}`, response.status, 200)
  return (await response.json()).accessToken
}

async function pack(work) {
  await run('npm', ['pack', '--silent', '--pack-destination', work], { cwd: resolve(PACKAGE_FOLDER) })
  return join(
    work,
    readdirSync(work).find((file) => file.endsWith('.tgz')),
  )
}

/** Each route of the application, with a body where one is taken; nothing may answer with an error. */
async function callRoutes(server, routes) {
  const ids = {}
  const called = new Set()
  const call = async (method, path, route, body) => {
    const response = await send(server, method, path, body)
    called.add(`${method} ${route}`)
    if (response.status >= 400)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return response
  }
  for (const { path, body, change } of RESOURCES) {
    const created = await (await call('POST', path, path, body(ids))).json()
    ids[path] = created.id
    const changed = await (await call('PATCH', `${path}/${created.id}`, `${path}/:id`, change)).json()
    expectText(`PATCH ${path}`, JSON.stringify(changed), [JSON.stringify(change).slice(1, -1).split(',')[0]])
    await call('GET', path, path)
    await call('GET', `${path}/${created.id}`, `${path}/:id`)
  }
  const referenced = await send(server, 'DELETE', `/customers/${ids['/customers']}`)
  expect('DELETE of a customer with orders', referenced.status, 409)
  for (const { path } of RESOURCES.toReversed()) {
    if (ids[path] !== undefined && path !== '/tasks') await call('DELETE', `${path}/${ids[path]}`, `${path}/:id`)
  }
  await call('DELETE', `/tasks/${ids['/tasks']}`, '/tasks/:id')
  const rest = routes.filter(({ method, path }) => !called.has(`${method} ${path}`))
  for (const { method, path, access } of rest) {
    const { status } = await send(
      server,
      method,
      path.replaceAll(/:\w+/g, 'none').replace('profile', 'profile?seconds=1'),
    )
    const expected = !access.startsWith('public') ? [401, 403] : path.includes(':') ? [404] : [200, 302]
    if (!expected.includes(status))
      throw new Error(`${method} ${path} answered ${status}, and should ${expected.join(' or ')}`)
  }
  return `${routes.length} routes`
}

function send(server, method, path, body, token) {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  }
  return fetch(`${server.url}${path}`, {
    method,
    redirect: 'manual',
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
}

/** The built application, on a free port. */
class Server {
  #child
  url

  static async start(cwd) {
    const server = new Server()
    const env = { ...ENVIRONMENT, PORT: '0' }
    server.#child = spawn(process.execPath, ['--import', 'tenon/register', join('dist', 'src', 'main.js')], {
      cwd,
      env,
    })
    let said = ''
    for (const stream of [server.#child.stdout, server.#child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (said += text))
    for (const end = Date.now() + LONGEST_START_MS; Date.now() < end;) {
      server.url = /http:\/\/[\d.]+:\d+/.exec(said)?.[0]
      if (server.url) return server
      if (server.#child.exitCode !== null) break
      await new Promise((done) => setTimeout(done, 20))
    }
    server.#child.kill('SIGKILL')
    throw new Error(`The application did not start:\n${said}`)
  }

  /** Works with one, and ends it. */
  static async run(cwd, work) {
    const server = await Server.start(cwd)
    try {
      return await work(server)
    } finally {
      await server.stop()
    }
  }

  async stop() {
    const ended = new Promise((done) => this.#child.once('exit', done))
    this.#child.kill('SIGTERM')
    await ended
  }
}

/** What a program printed; fails when it failed, or with `fails`, when it did not. */
async function run(file, args, { cwd, env = ENVIRONMENT, fails = false }) {
  mkdirSync(cwd, { recursive: true })
  const isShell = process.platform === 'win32' && file === 'npm'
  const child = spawn(file, args, { cwd, env, shell: isShell, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  const code = await new Promise((done) => child.once('close', done))
  if ((code !== 0) !== fails) {
    throw new Error(`${[file, ...args].join(' ')} ended with ${code}:\n${output}${errors}`)
  }
  return fails ? output + errors : output
}

async function step(name, work) {
  const startedAt = Date.now()
  try {
    const result = await work()
    const note = typeof result === 'string' && result.length < 40 ? `  (${result})` : ''
    console.log(`${name}: ${seconds(startedAt)}${note}`)
    return result
  } catch (error) {
    giveUp(`${name}: failed`, error instanceof Error ? error.message : String(error))
    throw error
  }
}

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual}, and should be ${expected}`)
}

function expectText(what, text, parts) {
  const missing = parts.filter((part) => !text.includes(part))
  if (missing.length > 0) throw new Error(`${what} does not say ${missing.join(' nor ')}:\n${text}`)
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}

function clean(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
