/**
 * One process of several that write to one audit log. Arguments: events, and `stop` or `kill`: whether it ends well.
 */
import { createApp, securityEvents } from 'tenon'
import { AuditLog, AuditModule } from 'tenon/audit'

const [count = '', end = ''] = process.argv.slice(2)
const app = await createApp(AuditModule)
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
for (let index = 0; index < Number(count); index += 1) {
  securityEvents.publish({ type: 'test.event', outcome: 'allowed', subject: `${process.pid}-${index}`, at: index })
  // As calls come: now and then.
  if (index % 7 === 0) await new Promise(setImmediate)
}
if (end === 'kill') {
  await app.get(AuditLog).flush()
  process.send?.('done')
  process.kill(process.pid, 'SIGKILL')
}
await app.close()
process.send?.('done')
process.disconnect?.()
