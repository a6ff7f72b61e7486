import type { ApiKeySummary, MadeApiKey } from 'tenon/auth'
import { Doc } from 'tenon'
import { ArrayNotEmpty, ArrayUnique, Expose, IsIn, IsInt, IsString, Length, Max, Min, Type } from 'tenon/validation'

import { PERMISSIONS, type Permission } from '../access/roles.ts'

/** A key calls in the name of whoever makes it, and only what its scopes name. */
export class NewKey {
  @Length(1, 80)
  readonly name!: string

  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(PERMISSIONS, { each: true })
  readonly scopes!: Permission[]

  @IsInt()
  @Min(1)
  @Max(366)
  readonly days: number = 90
}

export class ApiKeyView {
  @Expose() readonly id!: string
  @Expose() readonly name!: string
  @Doc({ description: 'How the secret begins.' })
  @Expose()
  readonly hint!: string
  @Expose() @IsString({ each: true }) readonly scopes!: string[]
  @Expose() readonly createdAt!: Date
  @Doc({ nullable: true })
  @Expose()
  @Type(() => Date)
  readonly expiresAt!: Date | null
  @Doc({ nullable: true })
  @Expose()
  @Type(() => Date)
  readonly revokedAt!: Date | null
  @Doc({ description: 'To the minute.', nullable: true })
  @Expose()
  @Type(() => Date)
  readonly lastUsedAt!: Date | null
}

export class MadeKeyView {
  @Expose() @Type(() => ApiKeyView) readonly key!: ApiKeyView
  @Doc({ description: 'To be sent as `x-api-key`. It cannot be read again.' })
  @Expose()
  readonly secret!: string
}

export function viewKey({ scopes = [], expiresAt, revokedAt, lastUsedAt, ...key }: ApiKeySummary): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    hint: key.hint,
    createdAt: key.createdAt,
    scopes: [...scopes],
    expiresAt: expiresAt ?? null,
    revokedAt: revokedAt ?? null,
    lastUsedAt: lastUsedAt ?? null,
  }
}

export function viewMadeKey({ key, secret }: MadeApiKey): MadeKeyView {
  return { key: viewKey(key), secret }
}
