/** What may be chosen about access. */
import { Config, Env } from 'tenon/decorators'

import type { RoleDeclarations } from './roles/role-book.ts'

/** Whom a refusal tells the rule and the fact that would change it; the log has them always. */
export type ExplainTo = 'auto' | 'everyone' | 'nobody'

@Config('access')
export class AccessConfig {
  /** The roles, what they include and permit. Declared at all, every name that is used must be among them. */
  readonly roles: RoleDeclarations = {}

  @Env('ACCESS_EXPLAIN', {
    default: 'auto',
    oneOf: ['auto', 'everyone', 'nobody'],
    description: 'Whom refusals are explained to: auto (everyone in development), everyone, nobody',
  })
  readonly explain!: ExplainTo

  /** Callers with this permission read explanations wherever they are not for everyone. Default: nobody has it. */
  readonly explainPermission: string = 'access:explain'
}
