/**
 * Time from process start to the first 200, and resident memory a second later: the hello sample beside a bare
 * node:http server, interleaved in one run because machines are noisy. Only the ratio means anything elsewhere.
 *
 * The sample runs against the package as npm gets it, not against the many files of dist.
 *
 *   npm run package && npm --prefix bench run cold-start -- [runs]
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const installed = installHello()
const SUBJECTS = {
  bare: { script: fileURLToPath(new URL('./bare.js', import.meta.url)), path: '/' },
  tenon: { script: join(installed, 'main.js'), path: '/hello/world' },
}
const START_LIMIT_MS = 20_000
const SETTLE_MS = 1000

const runs = Number(process.argv[2] ?? 15)
const results = Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, []]))

for (let run = -1; run < runs; run += 1) {
  for (const [name, subject] of Object.entries(SUBJECTS)) {
    const result = await start(subject)
    if (run >= 0) results[name].push(result) // The first of each warms file and compile caches.
  }
}

print()
rmSync(installed, { recursive: true })

/** The built sample in a folder of its own that has the package installed. */
function installHello() {
  const folder = mkdtempSync(join(root, 'build', 'hello-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'build', 'package'), join(folder, 'node_modules', 'tenon'))
  cpSync(join(root, 'dist', 'samples', 'hello', 'main.js'), join(folder, 'main.js'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

async function start({ script, path }) {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', NODE_ENV: 'production' },
    stdio: 'ignore',
  })
  try {
    while ((await statusOf(port, path)) !== 200) {
      if (performance.now() - startedAt > START_LIMIT_MS) throw new Error(`${script} did not start.`)
    }
    const firstAnswerMs = performance.now() - startedAt
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    return { firstAnswerMs, residentMb: residentMb(child.pid) }
  } finally {
    child.kill('SIGKILL')
  }
}

function statusOf(port, path) {
  return new Promise((resolve) => {
    const request = get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', () => setTimeout(() => resolve(0), 1))
  })
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Linux only: VmRSS as the kernel counts it. */
function residentMb(pid) {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)
  return Number(line[1]) / 1024
}

function print() {
  const bare = median(results.bare.map((each) => each.firstAnswerMs))
  console.log(`Node ${process.version}, ${runs} interleaved starts each\n`)
  console.log('| server | first 200, ms [min..max] | ratio | resident MB |')
  console.log('|---|---:|---:|---:|')
  for (const [name, all] of Object.entries(results)) {
    const times = all.map((each) => each.firstAnswerMs).toSorted((a, b) => a - b)
    const memory = median(all.map((each) => each.residentMb))
    const range = `${times[0].toFixed(0)}..${times.at(-1).toFixed(0)}`
    console.log(
      `| ${name} | ${median(times).toFixed(0)} [${range}] | ${(median(times) / bare).toFixed(2)} | ${memory.toFixed(0)} |`,
    )
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
