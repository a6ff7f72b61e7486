import { createApp } from 'tenon'

import { AppModule } from './app-module.ts'
import { DemoGreeting } from './demo-greeting.ts'

const app = await createApp(AppModule)
const { url } = await app.listen()

const greeting = await app.get(DemoGreeting).lines(url)
process.stdout.write(`\n${greeting.join('\n')}\n\n`)
