/** Who may see and change the accounts of others. */
import { definePolicy, permission } from 'tenon/access'

import { User } from './user.ts'

export const UserPolicy = definePolicy(User, (caller, user, { allow, deny }) => {
  allow('read', 'update').when(permission('members:manage'), user.tenant.equals(caller.tenant))
  deny('update').when(user.id.equals(caller.id)).because('an organisation must not lose its last admin by a slip')
})
