/** Measures which lines run, as coverage tools do, asks for a function's place meanwhile, and prints what was measured. */
import { Session } from 'node:inspector'

import { functionSite } from '../../../../../src/check/source/function-site.ts'

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

const { measured } = await import('./measured.js')
measured(true)
const site = functionSite(measured)
measured(true)

session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
  const script = result.find(({ url }) => url.endsWith('/measured.js'))
  const found = script?.functions.find(({ functionName }) => functionName === 'measured')
  const counts = found?.ranges.map(({ count }) => count)
  process.stdout.write(JSON.stringify({ file: site?.file === script?.url, counts }))
})
