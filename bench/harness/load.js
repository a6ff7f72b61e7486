/** Closed-loop load: 64 connections that always wait for an answer. wrk where it is installed, else autocannon. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { LOAD_CORE, spawnOn } from './cores.js'

const CONNECTIONS = 64
const AUTOCANNON = fileURLToPath(new URL('./autocannon-load.js', import.meta.url))
const HAS_WRK = spawnSync('wrk', ['-v']).error === undefined

export const loadTool = HAS_WRK ? 'wrk' : 'autocannon'

/** @param folder - For the script of the load. */
export function prepareLoad(requests, folder) {
  const file = `${folder}/load-${loadTool}.${HAS_WRK ? 'lua' : 'json'}`
  writeFileSync(file, HAS_WRK ? luaScript(requests) : JSON.stringify(requests))
  return file
}

/** Answers how many requests were answered, in how many seconds. @throws When one of them was not, or was refused. */
export async function runLoad(port, script, seconds) {
  const url = `http://127.0.0.1:${port}`
  const output = HAS_WRK
    ? await outputOf('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url])
    : await outputOf(process.execPath, [AUTOCANNON, script, url, String(seconds), String(CONNECTIONS)])
  const result = /^RESULT (\d+) (\d+) (\d+)$/m.exec(output)
  if (!result) throw new Error(`${loadTool} said:\n${output}`)
  const [answered, microseconds, failed] = result.slice(1).map(Number)
  if (failed > 0 || answered === 0) throw new Error(`${failed} of ${answered} requests failed.`)
  return { answered, seconds: microseconds / 1e6 }
}

function outputOf(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawnOn(LOAD_CORE, command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', () => resolve(output))
  })
}

function luaScript(requests) {
  const quoted = (text) => JSON.stringify(text)
  const formatted = requests.map(({ method, path, headers, body }) => {
    const fields = Object.entries(headers).map(([name, value]) => `[${quoted(name)}] = ${quoted(value)}`)
    return `wrk.format(${quoted(method)}, ${quoted(path)}, {${fields.join(', ')}}, ${body ? quoted(body) : 'nil'})`
  })
  return `local requests, turn = {}, 0
function init(args)
  requests = { ${formatted.join(',\n    ')} }
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, failed))
end
`
}
