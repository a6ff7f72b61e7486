/** Programs that call the desk: API keys, limited to scopes. */
import { Module } from 'tenon'
import { ApiKeysModule } from 'tenon/auth'

import { ApiKeysController } from './api-keys-controller.ts'

@Module({ imports: [ApiKeysModule], controllers: [ApiKeysController] })
export class IntegrationsModule {}
