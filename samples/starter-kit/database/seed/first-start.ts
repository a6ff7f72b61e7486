/** Whoever starts the desk for the first time finds it in use. */
import { OnInit, Service } from 'tenon'
import { Seeders } from 'tenon/data'

import { SeedConfig } from './seed-config.ts'

const SEED = 20_260_105

@Service()
export class FirstStart {
  readonly #config: SeedConfig
  readonly #seeders: Seeders

  constructor(config: SeedConfig, seeders: Seeders) {
    this.#config = config
    this.#seeders = seeders
  }

  /** @throws `DESK_SEED_IN_PRODUCTION` */
  @OnInit()
  async fill(): Promise<void> {
    if (this.#config.isWanted) await this.#seeders.run(SEED)
  }
}
