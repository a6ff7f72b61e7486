/** Clients that are registered while the application runs, by code: who may, the application decides. */
import { Clock, securityEvents } from 'tenon'
import { Injectable } from 'tenon/decorators'
import type { ClientMetadata } from 'oidc-provider'

import { OidcClientInvalid, OidcClientMissing } from '../oidc-errors.ts'
import { metadataOf, type OidcClient } from './oidc-client.ts'
import { OidcProviderConfig } from './oidc-provider-config.ts'
import { OidcRecords } from './oidc-records.ts'

const KIND = 'Client'

/** What may be shown of a client. */
export interface OidcClientSummary {
  readonly id: string
  readonly title: string
  readonly redirectUris: readonly string[]
}

@Injectable()
export class OidcClients {
  readonly #records: OidcRecords
  readonly #config: OidcProviderConfig
  readonly #clock: Clock

  constructor(records: OidcRecords, config: OidcProviderConfig, clock: Clock) {
    this.#records = records
    this.#config = config
    this.#clock = clock
  }

  /**
   * Registers a client, or changes the one with this id. Its secret is kept as a hash.
   * @throws `OIDC_CLIENT_INVALID`
   */
  async register(client: OidcClient): Promise<void> {
    if (this.#config.clients.some(({ id }) => id === client.id)) throw new OidcClientInvalid('the configuration has it')
    await this.#records.keep(KIND, client.id, metadataOf(client))
    this.#tell('oidc.client-registered', client.id)
  }

  /** Those that were registered, without those of the configuration. */
  async list(): Promise<readonly OidcClientSummary[]> {
    const all = (await this.#records.list(KIND)) as unknown as readonly ClientMetadata[]
    return all.map(({ client_id: id, client_name: title = id, redirect_uris: redirectUris = [] }) => ({
      id,
      title,
      redirectUris,
    }))
  }

  /** What it was granted ends with its tokens. @throws `OIDC_CLIENT_MISSING` */
  async remove(id: string): Promise<void> {
    if (!(await this.#records.remove(KIND, id))) throw new OidcClientMissing(id)
    this.#tell('oidc.client-removed', id)
  }

  #tell(type: string, subject: string): void {
    securityEvents.publish({ type, outcome: 'allowed', subject, at: this.#clock.epochMs() })
  }
}
