/** Calls that stop every other caller until they are done, inside methods that serve calls. */
import { defineDiagnostic } from '../../diagnostic.ts'
import { siteOf, walk, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const CallBlocking = defineDiagnostic({
  code: 'SOURCE_CALL_BLOCKING',
  severity: 'warning',
  message: (method: string, call: string) =>
    `${method} calls ${call}, which holds up all other calls until it is done.`,
  help: (_method, call) =>
    `Use ${call.replace(/Sync\b/, '')} of the promise API and \`await\` it; at start, do it in @OnInit().`,
})

const BLOCKING =
  /^(?:(?:readFile|writeFile|appendFile|copyFile|readdir|stat|exec|execFile|spawn|pbkdf2|scrypt|hash|compare|gzip|gunzip|deflate|inflate|brotliCompress|generateKeyPair)Sync|Atomics\.wait)$/
const AT_START = new Set(['OnInit', 'OnReady', 'OnDrain', 'OnShutdown', 'Command', 'Provide', 'Seeder'])
const SERVING = new Set(['Controller', 'Injectable', 'Service', 'Repository', 'Interceptor'])

export const blockingCalls: SourceRule = ({ syntax, classes }) => {
  const found: SourceFinding[] = []
  for (const type of classes.all) {
    if (!type.decorators.some(({ name }) => SERVING.has(name))) continue
    for (const method of type.methods) {
      if (method.decorators.some(({ name }) => AT_START.has(name))) continue
      walk(syntax, method.node.body ?? method.node, (node) => {
        if (!syntax.isCallExpression(node)) return
        const name = node.expression.getText()
        const last = name === 'Atomics.wait' ? name : name.slice(name.lastIndexOf('.') + 1)
        if (!BLOCKING.test(last)) return
        found.push({ diagnostic: CallBlocking({ at: siteOf(node) }, `${type.name}.${method.name}`, last) })
      })
    }
  }
  return { found }
}
