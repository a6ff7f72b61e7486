/** One way to prove who calls. Schemes are providers of this class: `{ provide: AuthenticationScheme, useClass: MyScheme }`. */
import type { CallContext, DescribedProblem, Principal } from 'tenon'

export abstract class AuthenticationScheme {
  /** How `@Authenticated(name)` and documents call it. */
  abstract readonly name: string

  /** A Security Scheme Object of OpenAPI 3.1 §4.8.27. */
  abstract readonly document: Readonly<Record<string, unknown>>

  /** What a 401 asks for in `WWW-Authenticate` (RFC 9110 §11.6.1); none for schemes that browsers answer by themselves. */
  abstract readonly challenge: string | undefined

  /** What it answers when a credential does not hold, for documents. */
  readonly problems: readonly DescribedProblem[] = []

  /**
   * The caller that this call's credential proves; `undefined` when it carries none of this kind.
   * @throws a 401 when it carries one that does not hold: another scheme is not asked then.
   */
  abstract authenticate(context: CallContext): Principal | undefined | Promise<Principal | undefined>
}
