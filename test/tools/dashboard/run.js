/**
 * Takes the picture of the generated dashboard that the documentation shows:
 * `node test/tools/dashboard/run.js docs/images/dashboard.png [minutes]`. The starter kit works under some load, a real
 * Prometheus scrapes it, `tenon observe grafana` writes the dashboard, and panels.jsx draws it in Chromium with Grafana's
 * own components: there is no Grafana in it. Build first. Grafana's packages are installed here and not with the rest.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { build } from 'esbuild'
import puppeteer from 'puppeteer-core'

import { load } from './load.js'

const ROOT = join(import.meta.dirname, '../../..')
const SERVICE = 'service-desk'
const SCRAPE_SECONDS = 5
/** The row whose panels are shown; the others stay folded, as they are at first. */
const OPEN = 'CommentsController'

const PAGE = `<!doctype html><meta charset="utf-8"><title>Dashboard</title><link rel="stylesheet" href="/panels.css"><style>
body{margin:20px;font-family:Inter,'DejaVu Sans',sans-serif}h1{margin:0 4px 12px;font-size:20px;font-weight:500}
.row{line-height:32px;font-size:16px}.row small{color:#8e8e99;font-style:italic}.empty{display:grid;place-items:center;height:100%}
</style><div id="root"></div><script type="module" src="/panels.js"></script>`

const [picture = 'dashboard.png', minutes = '10'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'tenon-dashboard-'))
const env = {
  ...process.env,
  OTEL_SERVICE_NAME: SERVICE,
  DATABASE_URL: `sqlite:${join(folder, 'app.sqlite')}`,
  MAIL_OUTBOX: join(folder, 'outbox'),
}
const started = []
const start = (program, args, options = {}) => {
  const child = spawn(program, args, { stdio: 'ignore', ...options })
  started.push({ child, ended: once(child, 'exit') })
}

try {
  const [port, prometheusPort] = [await freePort(), await freePort()]
  start(process.execPath, [join(ROOT, 'dist/samples/starter-kit/main.js')], { env: { ...env, PORT: String(port) } })
  const config = join(folder, 'prometheus.yml')
  const targets = [`127.0.0.1:${port}`]
  const scrapes = [{ job_name: SERVICE, scrape_interval: `${SCRAPE_SECONDS}s`, static_configs: [{ targets }] }]
  writeFileSync(config, JSON.stringify({ scrape_configs: scrapes }))
  const data = `--storage.tsdb.path=${join(folder, 'data')}`
  start('prometheus', [`--config.file=${config}`, data, `--web.listen-address=127.0.0.1:${prometheusPort}`])

  const seconds = Number(minutes) * 60
  await load(`http://127.0.0.1:${port}`, seconds)
  const file = join(folder, 'dashboard.json')
  const command = [join(ROOT, 'bin/tenon.js'), 'observe', 'grafana', '--out', file]
  execFileSync(process.execPath, command, { cwd: join(ROOT, 'samples/starter-kit'), env, stdio: 'inherit' })
  const now = Math.floor(Date.now() / 1000)
  await draw({
    prometheus: `http://127.0.0.1:${prometheusPort}`,
    input: {
      dashboard: JSON.parse(readFileSync(file, 'utf8')),
      open: OPEN,
      fromMs: (now - seconds) * 1000,
      toMs: now * 1000,
      stepSeconds: SCRAPE_SECONDS,
      // As Grafana does it: four times the interval at least.
      rateInterval: `${SCRAPE_SECONDS * 4}s`,
    },
  })
} finally {
  for (const { child } of started) child.kill()
  await Promise.all(started.map(({ ended }) => ended))
  rmSync(folder, { recursive: true, force: true })
}

async function draw({ prometheus, input }) {
  const answers = { ...(await bundle()), '/': PAGE, '/input.json': JSON.stringify(input) }
  const types = { '/': 'text/html; charset=utf-8', '/panels.js': 'text/javascript', '/panels.css': 'text/css' }
  const answer = async (url) => {
    if (!url.startsWith('/prometheus/')) return answers[url] ?? ''
    const response = await fetch(prometheus + url.slice('/prometheus'.length))
    return response.text()
  }
  const server = createServer(({ url }, response) => {
    if (types[url]) response.setHeader('content-type', types[url])
    void answer(url).then((text) => response.end(text))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => console.error(error))
    await page.setViewport({ width: 1280, height: 900 })
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.waitForSelector('body[data-ready]')
    await sleep(1000)
    await page.screenshot({ path: resolve(picture), fullPage: true })
  } finally {
    await browser.close()
    server.close()
  }
}

async function bundle() {
  cpSync(join(import.meta.dirname, 'package.json'), join(folder, 'package.json'))
  cpSync(join(import.meta.dirname, 'panels.jsx'), join(folder, 'panels.jsx'))
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', install, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'panels.jsx')],
    bundle: true,
    write: false,
    outdir: folder,
    logLevel: 'silent',
    format: 'esm',
    jsx: 'automatic',
    loader: { '.ttf': 'dataurl' },
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  })
  return Object.fromEntries(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]))
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
