import { createApp } from 'tenon'

import { AppModule } from './app-module.ts'

const app = await createApp(AppModule)
await app.listen()
