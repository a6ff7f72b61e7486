/** With a token and a role. */
import { Roles } from 'tenon/access'

import { serveUsers } from './serve-users.ts'

await serveUsers(Roles('clerk') as MethodDecorator)
