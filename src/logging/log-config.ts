/** What may be chosen about the log. */
import { Config, Env, type Surroundings } from '../../decorators/index.ts'
import { LOG_LEVELS, type LogThreshold } from './logger.ts'

/** `json`: one object a line, for machines. `pretty`: one readable line. */
export type LogFormat = 'json' | 'pretty'

@Config('log')
export class LogConfig {
  @Env('LOG_LEVEL', {
    default: defaultLevel,
    oneOf: [...LOG_LEVELS, 'silent'],
    description: 'The least important level that is written: debug, info, warn, error, or silent.',
  })
  readonly level!: LogThreshold

  @Env('LOG_FORMAT', {
    default: ({ environment }: Surroundings): LogFormat => (environment === 'production' ? 'json' : 'pretty'),
    oneOf: ['json', 'pretty'],
    description: 'json for machines, pretty for people.',
  })
  readonly format!: LogFormat

  @Env('LOG_FILE', { optional: true, description: 'A file that gets every line too.' })
  readonly file?: string
}

function defaultLevel({ environment }: Surroundings): LogThreshold {
  if (environment === 'test') return 'warn'
  return 'info'
}
