/** What both roles need. */
import { SessionsModule } from 'tenon/auth'
import { Module } from 'tenon/decorators'

import { SessionCaller } from './session-caller.ts'

@Module({ imports: [SessionsModule], providers: [SessionCaller] })
export class SessionCallerModule {}
