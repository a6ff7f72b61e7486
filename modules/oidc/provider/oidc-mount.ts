/** Below which path the authorization server is. */
export class OidcMount {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }
}
