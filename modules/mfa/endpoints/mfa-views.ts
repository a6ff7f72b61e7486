/** What callers read. */
import { Doc } from 'tenon'
import { LoginView } from 'tenon/auth'
import { Expose, IsOptional, IsString, Type } from 'tenon/validation'

import type { Device } from '../devices/device-row.ts'
import type { Activation } from '../factors/factor-changes.ts'
import type { Passkey } from '../passkeys/passkey-row.ts'

/** The answer to a login that a second factor has completed. */
export class FinishedLoginView extends LoginView {
  /** Where the page goes now, where redirects have led the browser here. */
  @Expose() @IsOptional() readonly returnTo?: string
}

export class PasskeyView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
  /** `hwk`: it stays on its authenticator; `swk`: it is copied between devices of its owner. */
  @Expose() readonly method!: string
  @Expose() readonly createdAt!: Date
  @Doc({ nullable: true })
  @Expose()
  @Type(() => Date)
  readonly lastUsedAt!: Date | null
}

export function viewPasskey({ id, name, method, createdAt, lastUsedAt }: Passkey): PasskeyView {
  const usedAt = lastUsedAt === null ? null : new Date(lastUsedAt)
  return { id, name, method, createdAt: new Date(createdAt), lastUsedAt: usedAt }
}

export class DeviceView {
  @Expose() readonly id!: string
  @Expose() readonly createdAt!: Date
  @Expose() readonly lastUsedAt!: Date
  @Expose() readonly expiresAt!: Date
  @Expose() readonly address!: string
  @Expose() readonly agent!: string
}

export function viewDevice({ id, createdAt, lastUsedAt, expiresAt, address, agent }: Device): DeviceView {
  const moments = { createdAt: new Date(createdAt), lastUsedAt: new Date(lastUsedAt), expiresAt: new Date(expiresAt) }
  return { id, ...moments, address, agent }
}

/** Everything that an account has besides its password. */
export class FactorsView {
  /** What can be proved now; empty: there is no second factor. */
  @Expose() @IsString({ each: true }) readonly methods!: string[]
  @Doc({ description: 'Since when there is an authenticator app.', nullable: true })
  @Expose()
  @Type(() => Date)
  readonly authenticatorSince!: Date | null
  @Expose() @Type(() => PasskeyView) readonly passkeys!: PasskeyView[]
  @Expose() readonly recoveryCodesLeft!: number
  @Expose() @Type(() => DeviceView) readonly rememberedDevices!: DeviceView[]
}

export class EnrolmentView {
  /** Base32, to be typed. */
  @Expose() readonly secret!: string
  /** `otpauth://`, to be scanned. */
  @Expose() readonly uri!: string
  /** An `<svg>` element or a `data:` address, where one was asked for. */
  @Expose() @IsOptional() readonly qr?: string
}

/** What a login has become: of a session a new CSRF token, of a token a new one. */
export class StrongerLoginView {
  @Expose() @IsOptional() readonly csrfToken?: string
  @Expose() @IsOptional() readonly accessToken?: string
  @Expose() @IsOptional() readonly tokenType?: string
  @Expose() @IsOptional() readonly expiresInSeconds?: number
}

export class RecoveryCodesView {
  /** Shown this once. */
  @Expose() @IsString({ each: true }) readonly recoveryCodes!: string[]
}

export class ActivationView extends StrongerLoginView {
  /** With the first factor, and this once. */
  @Expose() @IsOptional() @IsString({ each: true }) readonly recoveryCodes?: string[]
}

export function viewActivation({ login, recoveryCodes }: Activation): Pick<ActivationView, keyof ActivationView> {
  return { ...login, ...(recoveryCodes && { recoveryCodes: [...recoveryCodes] }) }
}

export class NewPasskeyView extends ActivationView {
  @Expose() @Type(() => PasskeyView) readonly passkey!: PasskeyView
}
