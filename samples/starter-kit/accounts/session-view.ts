import { Expose, Type } from 'tenon/validation'

import { UserView } from './user-view.ts'

/** The answer to a login. */
export class SessionView {
  /** To be sent as `Authorization: Bearer <token>`. */
  @Expose() readonly token!: string
  @Expose() readonly expiresAt!: Date
  @Expose() @Type(() => UserView) readonly user!: UserView
}
