/** Where `tenon access why` looks users up; an application that wants it provides a class for this token. */
import type { Principal } from 'tenon'

export abstract class CallerDirectory {
  /** The caller as authentication would make it, by id or by the name people use. */
  abstract find(user: string): Principal | undefined | Promise<Principal | undefined>
}
