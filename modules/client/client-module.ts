/** Clients of the API, written from its document. */
import { Module } from 'tenon/decorators'
import { OpenApiModule } from 'tenon/openapi'

import { ClientCommands } from './client-commands.ts'

@Module({ imports: [OpenApiModule], providers: [ClientCommands] })
export class ClientModule {}
