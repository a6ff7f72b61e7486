/**
 * Boots an application without data and answers the CommonJS files it has loaded; TypeORM is CommonJS.
 * Forked as `loaded-files.js [<entry to load first>]`.
 */
import { createRequire } from 'node:module'

import { createApp, Module } from 'tenon'

@Module()
class EmptyModule {}

const [entry] = process.argv.slice(2)
if (entry !== undefined) await import(entry)
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
const app = await createApp(EmptyModule, { env: { TENON_ENV: 'test' }, cwd: import.meta.dirname })
await app.close()
process.send?.(Object.keys(createRequire(import.meta.url).cache))
process.disconnect?.()
