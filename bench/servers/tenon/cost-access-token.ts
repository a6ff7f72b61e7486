/** With a token, whatever the role: what is left of the cost is the token's. */
import { Authenticated } from 'tenon/auth'

import { serveUsers } from './serve-users.ts'

await serveUsers(Authenticated() as MethodDecorator)
