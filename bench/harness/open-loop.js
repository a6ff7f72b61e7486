/**
 * Load at a fixed rate over 32 connections, whatever the server does: latency counts from the moment a request was due.
 * `node open-loop.js <port> <path> <requests a second> <seconds>`; it spins, so it needs a core of its own.
 */
import { connect } from 'node:net'

const CONNECTIONS = 32
const HEAD_END = Buffer.from('\r\n\r\n')

const [port, path, rate, seconds] = process.argv.slice(2)
const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
const periodMs = 1000 / Number(rate)
const total = Number(rate) * Number(seconds)
const latencies = []
const due = []
const idle = []
let scheduled = 0

await Promise.all(Array.from({ length: CONNECTIONS }, open))
const from = performance.now()
setImmediate(tick)

function tick() {
  const now = performance.now()
  while (scheduled < total && from + scheduled * periodMs <= now) {
    due.push(from + scheduled * periodMs)
    scheduled += 1
  }
  // In turn: a connection that nobody uses for some seconds is closed by the server.
  while (due.length > 0 && idle.length > 0) idle.shift()(due.shift())
  if (latencies.length < total) return void setImmediate(tick)
  report()
}

function open() {
  return new Promise((resolve, reject) => {
    let dueAt = 0
    let received = Buffer.alloc(0)
    const socket = connect(Number(port), '127.0.0.1', () => {
      idle.push(start)
      resolve()
    })
    socket.setNoDelay()
    socket.on('error', reject)
    socket.on('close', () => fail('A connection was closed.'))
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      if (!isComplete(received)) return
      received = Buffer.alloc(0)
      latencies.push(performance.now() - dueAt)
      idle.push(start)
    })
    function start(at) {
      dueAt = at
      socket.write(request)
    }
  })
}

function isComplete(bytes) {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return false
  const head = bytes.toString('latin1', 0, end)
  if (!head.startsWith('HTTP/1.1 200 ')) fail(head)
  const length = /^content-length: (\d+)$/im.exec(head)
  if (!length) fail(`No length in:\n${head}`)
  return bytes.length >= end + HEAD_END.length + Number(length[1])
}

function report() {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  console.log(JSON.stringify({ p50: at(0.5), p90: at(0.9), p99: at(0.99), max: sorted.at(-1) }))
  process.exit(0)
}

function fail(reason) {
  console.error(reason)
  process.exit(1)
}
