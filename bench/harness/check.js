/** The same bytes from everybody, before anything is timed. */
import { REFERENCE } from './peers.js'
import { send } from './send.js'

/**
 * Compares the answers of servers with those of the reference, which a scenario may choose.
 * @param servers - By name of the peer, the reference among them.
 * @throws With every difference there is.
 */
export async function checkAnswers({ title, checks, reference = REFERENCE }, servers) {
  const differences = []
  for (const check of checks) {
    const expected = await send(servers.get(reference).port, check)
    for (const [peer, { port }] of servers) {
      const answer = await send(port, check)
      for (const difference of compare(check, answer, expected)) {
        differences.push(`${title}, ${peer}, ${check.method} ${check.path} ${check.body ?? ''}: ${difference}`)
      }
    }
  }
  if (differences.length > 0) throw new Error(`Answers differ:\n${differences.join('\n')}`)
}

function* compare({ status, sent = [], sentLike }, answer, expected) {
  if (answer.status !== status) yield `status ${answer.status}, not ${status}: ${answer.body}`
  if (status >= 400) return
  if (answer.body !== expected.body) yield `body ${answer.body}, not ${expected.body}`
  if (!answer.headers['content-type']?.startsWith('application/json')) yield `type ${answer.headers['content-type']}`
  for (const name of sent) if (answer.headers[name] === undefined) yield `no header ${name}`
  if (sentLike && !Object.keys(answer.headers).some((name) => sentLike.test(name))) yield `no header like ${sentLike}`
}
