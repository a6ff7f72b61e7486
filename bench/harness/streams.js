/** A large file up and down, and how much the server's memory grows meanwhile. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { request as open } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Readable, Writable } from 'node:stream'

import { programOf } from './peers.js'
import { Server } from './server.js'
import { table } from './table.js'

const CHUNK = Buffer.alloc(65_536, 'tenon ')
const SAMPLE_MS = 50
const FILE = { method: 'GET', path: '/file', headers: {} }

/** @param megabytes - Size of the file. */
export async function measureStreams({ peers, megabytes, folder }) {
  const bytes = megabytes * 1_048_576
  const env = { BENCH_DOWNLOAD: `${folder}/download.bin`, BENCH_UPLOAD: `${folder}/upload.bin` }
  await pipeline(chunks(bytes), createWriteStream(env.BENCH_DOWNLOAD))
  const rows = []
  try {
    for (const peer of peers) {
      const program = programOf(peer, 's8')
      if (program) rows.push([peer, ...(await measure(program, { bytes, env }))])
    }
  } finally {
    for (const file of [env.BENCH_DOWNLOAD, env.BENCH_UPLOAD]) await rm(file, { force: true })
  }
  const titles = ['peer', 'upload MB/s', 'memory growth MB, first time and again', 'download MB/s', 'growth MB']
  return `### S8 ${megabytes} MB up and down\n\n${table(titles, rows)}\n`
}

/** Every direction in a process of its own, twice: the first time a heap finds its size, the second must add little. */
async function measure(program, { bytes, env }) {
  const cells = []
  for (const move of [upload, download]) {
    const server = await Server.start(program, { probe: { ...FILE, path: '/nothing-here', status: 404 }, env })
    try {
      const first = await watched(server, () => move(server.port, bytes))
      const again = await watched(server, () => move(server.port, bytes))
      const speed = bytes / 1_048_576 / Math.min(first.seconds, again.seconds)
      cells.push(speed.toFixed(0), `${first.growthMb.toFixed(0)}, ${again.growthMb.toFixed(0)}`)
    } finally {
      await server.stop()
    }
  }
  return cells
}

async function watched(server, work) {
  const before = server.residentMb
  let peak = before
  const timer = setInterval(() => (peak = Math.max(peak, server.residentMb)), SAMPLE_MS)
  const from = performance.now()
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  const seconds = (performance.now() - from) / 1000
  return { seconds, growthMb: Math.max(peak, server.residentMb) - before }
}

async function upload(port, bytes) {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes }
  const request = open({ host: '127.0.0.1', port, method: 'PUT', path: '/file', headers, agent: false })
  const answered = once(request, 'response')
  await pipeline(chunks(bytes), request)
  const [response] = await answered
  const { bytes: stored } = JSON.parse(Buffer.concat(await response.toArray()).toString())
  if (stored !== bytes) throw new Error(`${stored} of ${bytes} bytes were stored.`)
}

async function download(port, bytes) {
  const request = open({ host: '127.0.0.1', port, ...FILE, agent: false })
  request.end()
  const [response] = await once(request, 'response')
  let received = 0
  const counted = new Writable({
    write(chunk, _encoding, done) {
      received += chunk.length
      done()
    },
  })
  await pipeline(response, counted)
  if (received !== bytes) throw new Error(`${received} of ${bytes} bytes were received.`)
}

function chunks(bytes) {
  let left = bytes
  return new Readable({
    read() {
      const length = Math.min(left, CHUNK.length)
      left -= length
      this.push(length === 0 ? null : CHUNK.subarray(0, length))
    },
  })
}
