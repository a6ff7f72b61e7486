/** The load where wrk is not installed: `node autocannon-load.js <requests.json> <url> <seconds> <connections>`. */
import { readFileSync } from 'node:fs'

import autocannon from 'autocannon'

const [script, url, seconds, connections] = process.argv.slice(2)
const requests = JSON.parse(readFileSync(script, 'utf8'))
const result = await autocannon({ url, requests, duration: Number(seconds), connections: Number(connections) })
const failed = result.errors + result.timeouts + result.non2xx
console.log(`RESULT ${result['2xx']} ${Math.round(result.duration * 1e6)} ${failed}`)
