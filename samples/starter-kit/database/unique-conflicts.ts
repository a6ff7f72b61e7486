/** Of two callers who take the same name at the same moment, the slower one gets a conflict, not a failure of ours. */
import { Catch, Problem, Service } from 'tenon'
import { QueryFailedError } from 'tenon/data'

/** How SQLite, PostgreSQL and MySQL call it. */
const UNIQUE_VIOLATIONS: readonly unknown[] = ['SQLITE_CONSTRAINT_UNIQUE', '23505', 'ER_DUP_ENTRY']

@Service()
export class UniqueConflicts {
  @Catch(QueryFailedError)
  toProblem({ driverError }: QueryFailedError): Problem {
    const { code } = driverError as { readonly code?: unknown }
    return UNIQUE_VIOLATIONS.includes(code)
      ? new Problem({
          status: 409,
          code: 'DESK_ALREADY_TAKEN',
          detail: 'Somebody else was faster: it is taken already.',
        })
      : new Problem({ status: 500 })
  }
}
