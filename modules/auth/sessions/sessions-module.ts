/** Cookie sessions: for browsers, protected against calls that other sites make them send. */
import { configure, lazy, when, type SettingsOf } from 'tenon'
import { DataModule } from 'tenon/data'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { AuthModule } from '../auth-module.ts'
import { AuthenticationScheme } from '../authentication-scheme.ts'
import { Cleaning } from '../cleaning.ts'
import { CsrfInterceptor } from '../csrf/csrf-interceptor.ts'
import { CsrfTokens } from '../csrf/csrf-tokens.ts'
import { OriginCheck } from '../csrf/origin-check.ts'
import { PublicUrl } from '../public-url.ts'
import { CreateAuthSessions1795000000000 } from './create-auth-sessions.ts'
import { SessionCookie } from './session-cookie.ts'
import { SessionScheme } from './session-scheme.ts'
import { SessionStore } from './session-store.ts'
import { SessionsConfig } from './sessions-config.ts'
import { Sessions } from './sessions.ts'
import { SqlSessionStore } from './sql-session-store.ts'
import { StoredSession } from './stored-session.ts'
import { StoredSessions } from './stored-sessions.ts'

@Module({
  imports: [
    AuthModule,
    DataModule,
    lazy(() => import('./redis/redis-sessions-module.ts'), { when: when.variable('SESSION_STORE', 'redis') }),
  ],
  entities: [StoredSession],
  migrations: [CreateAuthSessions1795000000000],
  providers: [
    Sessions,
    SessionCookie,
    Cleaning,
    OriginCheck,
    PublicUrl,
    StoredSessions,
    CsrfTokens,
    { provide: AuthenticationScheme, useClass: SessionScheme },
    { provide: SessionStore, useClass: SqlSessionStore, when: when.missing(SessionStore) },
  ],
  interceptors: [CsrfInterceptor],
})
export class SessionsModule {
  /** @example `SessionsModule.with({ idleMinutes: 15 })` */
  static with(settings: SettingsOf<SessionsConfig>): ConfiguredModule {
    return configure(SessionsModule, SessionsConfig, settings)
  }
}
