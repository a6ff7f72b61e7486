/** Passwords: how they are hashed, and which are taken. */
import { configure, when, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { Argon2Hasher } from './argon2-hasher.ts'
import { BreachedPasswords } from './breached-passwords.ts'
import { NewPasswords } from './new-passwords.ts'
import { PasswordHasher } from './password-hasher.ts'
import { PasswordPolicy } from './password-policy.ts'
import { PasswordsConfig } from './passwords-config.ts'
import { RangeApi } from './range-api.ts'
import { StandardPasswordPolicy } from './standard-password-policy.ts'

@Module({
  providers: [
    NewPasswords,
    { provide: PasswordHasher, useClass: Argon2Hasher, when: when.missing(PasswordHasher) },
    { provide: PasswordPolicy, useClass: StandardPasswordPolicy, when: when.missing(PasswordPolicy) },
    { provide: BreachedPasswords, useClass: RangeApi, when: when.missing(BreachedPasswords) },
  ],
})
export class PasswordsModule {
  /** @example `PasswordsModule.with({ minLength: 15 })` */
  static with(settings: SettingsOf<PasswordsConfig>): ConfiguredModule {
    return configure(PasswordsModule, PasswordsConfig, settings)
  }
}
