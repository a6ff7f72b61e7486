/** Opens Redis where the client library is not installed; prints why that fails. */
import { registerHooks } from 'node:module'

import { createApp, TenonError } from 'tenon'
import { Redis, RedisModule } from 'tenon/redis'

// As if the framework were installed where no such package is.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === 'redis' ? { ...context, parentURL: 'file:///nowhere/at-all.js' } : context),
})

const app = await createApp(RedisModule, { env: { TENON_ENV: 'test', LOG_LEVEL: 'error' } })
try {
  await app.get(Redis).open()
} catch (error) {
  if (error instanceof TenonError) console.log(`${error.code} ${error.message}`)
  else throw error
}
await app.close()
