/** Second factors: authenticator apps, passkeys, recovery codes; at login, and again before what matters. */
import { configure, when, type SettingsOf } from 'tenon'
import { AccountServicesModule, LoginGate } from 'tenon/auth'
import { DataModule } from 'tenon/data'
import { Module, type Class, type ConfiguredModule } from 'tenon/decorators'

import { CreateMfa1795100000000 } from './create-mfa.ts'
import { Device } from './devices/device-row.ts'
import { DeviceRows, Devices } from './devices/devices.ts'
import { mfaEndpoints } from './endpoints/mfa-endpoints.ts'
import { FactorChanges } from './factors/factor-changes.ts'
import { Factors } from './factors/factors.ts'
import { Proofs } from './factors/proofs.ts'
import { SecretBox } from './factors/secret-box.ts'
import { MfaGate } from './login/mfa-gate.ts'
import { MfaLogins } from './login/mfa-logins.ts'
import { MfaMails } from './mails/mfa-mails.ts'
import { MfaPost } from './mails/mfa-post.ts'
import { MfaConfig } from './mfa-config.ts'
import { MfaPaths } from './mfa-paths.ts'
import { Mfa } from './mfa.ts'
import { Passkey } from './passkeys/passkey-row.ts'
import { PasskeyRows, Passkeys } from './passkeys/passkeys.ts'
import { RelyingParty } from './passkeys/relying-party.ts'
import { WebAuthn } from './passkeys/web-authn.ts'
import { RecoveryCode } from './recovery/recovery-code-row.ts'
import { RecoveryCodeRows, RecoveryCodes } from './recovery/recovery-codes.ts'
import { requiredFactors } from './required-factors.ts'
import { EnrolmentInterceptor } from './step-up/enrolment-interceptor.ts'
import { Owners } from './step-up/owners.ts'
import { RecentProofs } from './step-up/recent-proofs.ts'
import { RequireMfaInterceptor } from './step-up/require-mfa-interceptor.ts'
import { StepUps } from './step-up/step-ups.ts'
import { StrongerLogins } from './step-up/stronger-logins.ts'
import { Totp } from './totp/totp-row.ts'
import { TotpRows, Totps } from './totp/totps.ts'

/** Everything but the endpoints and where they are. */
@Module({
  imports: [AccountServicesModule, DataModule],
  entities: [Totp, RecoveryCode, Passkey, Device],
  migrations: [CreateMfa1795100000000],
  providers: [
    Mfa,
    Factors,
    FactorChanges,
    Proofs,
    SecretBox,
    Totps,
    TotpRows,
    RecoveryCodes,
    RecoveryCodeRows,
    Passkeys,
    PasskeyRows,
    WebAuthn,
    RelyingParty,
    Devices,
    DeviceRows,
    MfaLogins,
    MfaPost,
    Owners,
    RecentProofs,
    StepUps,
    StrongerLogins,
    { provide: MfaMails, useClass: MfaMails, when: when.missing(MfaMails) },
    { provide: LoginGate, useClass: MfaGate },
  ],
  interceptors: [EnrolmentInterceptor, RequireMfaInterceptor],
  rules: [requiredFactors],
})
class MfaServicesModule {}

const PREFIX = '/auth'

@Module({
  imports: [MfaServicesModule],
  controllers: mfaEndpoints(PREFIX),
  providers: [{ provide: MfaPaths, useValue: new MfaPaths(PREFIX) }],
})
export class MfaModule {
  /**
   * @param prefix - That of the accounts.
   * @example `MfaModule.with({ requiredFor: ['admin'] })`
   */
  static with(settings: SettingsOf<MfaConfig>, prefix: string = PREFIX): ConfiguredModule {
    return configure(prefix === PREFIX ? MfaModule : endpointsBelow(prefix), MfaConfig, settings)
  }
}

function endpointsBelow(prefix: string): Class {
  @Module({
    imports: [MfaServicesModule],
    controllers: mfaEndpoints(prefix),
    providers: [{ provide: MfaPaths, useValue: new MfaPaths(prefix) }],
  })
  class MfaModuleElsewhere {}
  return MfaModuleElsewhere
}
