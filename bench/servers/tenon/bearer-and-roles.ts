/** Bearer tokens of the benchmark's issuer, and roles. Verified tokens are remembered, as in every application. */
import type { ModuleImport } from 'tenon'
import { AccessModule } from 'tenon/access'
import { KeySetsModule, TokensModule } from 'tenon/auth'
import { DataModule } from 'tenon/data'

import { ISSUER, JWT_SECRET } from '../shared/settings.js'

export const bearerAndRoles: readonly ModuleImport[] = [
  DataModule.with({ url: 'sqlite::memory:' }),
  KeySetsModule.with({ algorithm: 'HS256', sharedSecret: JWT_SECRET }),
  TokensModule.with({ issuer: ISSUER }),
  AccessModule,
]
