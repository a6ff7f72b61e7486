/** What may be chosen about API keys. */
import { Matches } from 'tenon/validation'
import { Config, Env, type Surroundings } from 'tenon/decorators'

/** Tells at a glance, and to a scanner, whether a key opens something real. */
const kindOfKeys = ({ environment }: Surroundings): string => (environment === 'production' ? 'live' : 'test')

@Config('apiKeys')
export class ApiKeysConfig {
  /** Register it with secret scanners: they find keys by it. */
  @Env('AUTH_API_KEY_PREFIX', {
    default: 'tnn',
    secret: false,
    description: 'How API keys begin: 2 to 8 lower-case letters and digits',
  })
  @Matches(/^[a-z][a-z0-9]{1,7}$/)
  readonly prefix!: string

  @Env('AUTH_API_KEY_KIND', {
    default: kindOfKeys,
    secret: false,
    description: 'The second part of API keys: live or test',
  })
  @Matches(/^[a-z][a-z0-9]{1,7}$/)
  readonly kind!: string

  /** How long a key keeps working beside the one that replaces it. */
  @Env('AUTH_API_KEY_OVERLAP_SECONDS', {
    default: 86_400,
    min: 0,
    description: 'How long a replaced API key still works',
  })
  readonly overlapSeconds!: number

  /** Within this time the owner's new roles hold for its keys. */
  @Env('AUTH_API_KEY_CACHE_SECONDS', {
    default: 60,
    min: 0,
    max: 3600,
    description: 'How long a verified key is remembered',
  })
  readonly cacheSeconds!: number

  /** The one that was not used for the longest makes room. */
  @Env('AUTH_API_KEY_CACHE', { default: 10_000, min: 0, description: 'How many verified keys are remembered' })
  readonly cachedKeys!: number

  @Env('AUTH_API_KEY_REVOCATION_DELAY_MS', {
    default: 1000,
    min: 0,
    description: 'After how long a key revoked by another process is refused',
  })
  readonly revocationDelayMs!: number
}
