/**
 * One process of several that share a store: calls a limited endpoint of an application of its own, as often as it is
 * told, and prints how many calls were let through. Arguments: calls, limit.
 */
import { Controller, createApp, Get, Module, Public } from 'tenon'
import { RateLimit, SecurityModule } from 'tenon/security'

const [calls = '', limit = ''] = process.argv.slice(2)
const AT_ONCE = 10

@Public('Test.')
@Controller('/limited')
class Limited {
  @RateLimit({ limit: Number(limit), window: '1d', by: () => 'everybody', name: 'shared' })
  @Get()
  read(): object {
    return {}
  }
}

@Module({ imports: [SecurityModule], controllers: [Limited] })
class App {}

const app = await createApp(App)
const { url } = await app.listen({ port: 0, host: '127.0.0.1' })
// The others have started too: all of them begin together.
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))

let allowed = 0
for (let sent = 0; sent < Number(calls); sent += AT_ONCE) {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const answer = await fetch(`${url}/limited`)
      await answer.text()
      return answer.status
    }),
  )
  if (answers.some((status) => status !== 200 && status !== 429)) throw new Error(`It answered ${answers.join()}`)
  allowed += answers.filter((status) => status === 200).length
}
process.stdout.write(`allowed ${allowed}\n`)
await app.close()
process.exit(0)
