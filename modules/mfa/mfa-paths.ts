/** Where the endpoints of second factors are; problems name them. */
export class MfaPaths {
  readonly enrol: string
  readonly stepUp: string
  readonly csrf: string
  /** The ready page for a second factor. */
  readonly page: string
  readonly login: { readonly session: string; readonly tokens: string; readonly passkeyOptions: string }

  /** @param prefix - That of the accounts: `/auth`. */
  constructor(prefix: string) {
    this.enrol = `${prefix}/mfa`
    this.stepUp = `${prefix}/mfa/step-up`
    this.csrf = `${prefix}/csrf`
    this.page = `${prefix}/mfa/second-factor`
    this.login = {
      session: `${prefix}/mfa/login`,
      tokens: `${prefix}/mfa/token`,
      passkeyOptions: `${prefix}/mfa/login/options`,
    }
  }
}
