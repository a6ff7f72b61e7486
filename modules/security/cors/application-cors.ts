/** What the application says of CORS: in code, else in the environment. */
import type { CorsOptions } from 'tenon/decorators'

export interface CorsSettings {
  readonly cors?: CorsOptions
  readonly corsOrigins?: readonly string[]
  readonly corsCredentials?: boolean
}

/** `undefined` where it lets no other origin in. */
export function applicationCors({
  cors,
  corsOrigins = [],
  corsCredentials = false,
}: CorsSettings): CorsOptions | undefined {
  if (cors) return cors
  if (corsOrigins.length === 0) return undefined
  return {
    origins: corsOrigins.length === 1 && corsOrigins[0] === '*' ? '*' : corsOrigins,
    credentials: corsCredentials,
  }
}
