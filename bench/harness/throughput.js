/**
 * Throughput and CPU time for one request, as ratios to hand-written node:http: one-second slices of each peer between
 * neighbouring slices of the reference, so that a machine that slows down slows down both. Medians over process starts.
 */
import { checkAnswers } from './check.js'
import { prepareLoad, runLoad } from './load.js'
import { rarityOf, REFERENCE } from './peers.js'
import { spread, median, sum } from './statistics.js'
import { startAll, stopAll } from './start-all.js'
import { table } from './table.js'

const SLICE_SECONDS = 1
/** Programs of many modules reach their speed after some 50,000 calls, smaller ones after 30,000: timed before, size is a cost. */
const WARM_UP_REQUESTS = 60_000
const WARM_UP_SLICES = 20

/** Answers the Markdown of one scenario. */
export async function measureThroughput(scenario, { peers, starts, rounds, folder, env }) {
  const script = prepareLoad(scenario.load, folder)
  const { reference: against = REFERENCE } = scenario
  const results = new Map(peers.filter((peer) => peer !== against).map((peer) => [peer, []]))
  const references = []
  for (let start = 0; start < starts; start += 1) {
    const servers = await startAll(scenario, peers, env)
    try {
      await checkAnswers(scenario, servers)
      for (const [peer, server] of servers) await warmUp(server, script, rarityOf(peer))
      const slices = await measureRounds(servers, script, { rounds, against })
      references.push(...slices.reference)
      for (const [peer, own] of slices.peers) results.get(peer).push(ratios(own))
    } finally {
      await stopAll(servers)
    }
  }
  return report(scenario, results, references)
}

/** Ends also where a call takes so long that nobody would wait for so many. */
async function warmUp(server, script, rarity) {
  let answered = 0
  for (let index = 0; index < WARM_UP_SLICES && answered < WARM_UP_REQUESTS * rarity; index += 1) {
    answered += (await slice(server, script)).answered
  }
}

async function measureRounds(servers, script, { rounds, against }) {
  const reference = [await slice(servers.get(against), script)]
  const peers = new Map()
  for (let round = 0; round < rounds; round += 1) {
    for (const [peer, server] of servers) {
      if (peer === against) continue
      const own = await slice(server, script)
      const [before] = reference.slice(-1)
      const after = await slice(servers.get(against), script)
      reference.push(after)
      peers.set(peer, [...(peers.get(peer) ?? []), { own, before, after }])
    }
  }
  return { reference, peers }
}

async function slice(server, script, seconds = SLICE_SECONDS) {
  const cpuBefore = server.cpuSeconds
  const { answered, seconds: took } = await runLoad(server.port, script, seconds)
  return { perSecond: answered / took, answered, cpuSeconds: server.cpuSeconds - cpuBefore }
}

/** Of one start. A ratio above 1 is better than the reference, for CPU time too. */
function ratios(slices) {
  const cpuOf = (all) => sum(all.map((each) => each.cpuSeconds)) / sum(all.map((each) => each.answered))
  const cpuSeconds = cpuOf(slices.map(({ own }) => own))
  return {
    throughput: median(
      slices.map(({ own, before, after }) => (2 * own.perSecond) / (before.perSecond + after.perSecond)),
    ),
    cpu: cpuOf(slices.flatMap(({ before, after }) => [before, after])) / cpuSeconds,
    cpuMicroseconds: cpuSeconds * 1e6,
  }
}

function report({ title, reference: against = REFERENCE }, results, references) {
  const rows = [...results]
    .filter(([, starts]) => starts.length > 0)
    .map(([peer, starts]) => [
      peer,
      spread(starts.map((each) => each.throughput)),
      spread(starts.map((each) => each.cpu)),
      median(starts.map((each) => each.cpuMicroseconds)).toFixed(0),
    ])
  const perSecond = median(references.map((each) => each.perSecond)).toFixed(0)
  const cpu = (1e6 * sum(references.map((each) => each.cpuSeconds))) / sum(references.map((each) => each.answered))
  return [
    `### ${title}\n`,
    table(['peer', `throughput / ${against}`, `CPU / ${against}`, 'CPU µs'], rows),
    `\n${against}: ${perSecond} req/s, ${cpu.toFixed(0)} µs CPU a request\n`,
  ].join('\n')
}
