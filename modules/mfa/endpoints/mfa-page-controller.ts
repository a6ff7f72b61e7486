/** The page for browsers that redirects have led into a login with a second factor. */
import { randomBytes } from 'node:crypto'

import { Ctx, Doc, Get, HttpContext, NotFoundException, Public, SetHeader } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { secondFactorPage, secondFactorPolicy } from '../login/second-factor-page.ts'
import { MfaConfig } from '../mfa-config.ts'
import { MfaPaths } from '../mfa-paths.ts'

@Injectable()
export class MfaPageController {
  readonly #paths: MfaPaths
  readonly #config: MfaConfig

  constructor(paths: MfaPaths, config: MfaConfig) {
    this.#paths = paths
    this.#config = config
  }

  @Get('/second-factor')
  @Public('The ticket is the proof, and the page is the same for all.')
  @SetHeader('cache-control', 'no-store')
  @SetHeader('content-type', 'text/html; charset=utf-8')
  @Doc({ hidden: true })
  show(@Ctx() { response }: HttpContext): string {
    if (this.#config.loginPath !== undefined) throw new NotFoundException()
    const nonce = randomBytes(16).toString('base64')
    response.setHeader('content-security-policy', secondFactorPolicy(nonce))
    response.setHeader('referrer-policy', 'no-referrer')
    return secondFactorPage(this.#paths, nonce)
  }
}
