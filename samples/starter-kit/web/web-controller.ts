/** A page to try the desk in a browser: three files, served as they stand here. */
import { existsSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'

import { Controller, Doc, file, Get, NotFoundException, Param, Public, type FileResponse } from 'tenon'
import { SecurityHeaders } from 'tenon/security'
import { NoTenant } from 'tenon/tenancy'

/** The compiler copies no files, so they are found where they were written: here, and in projects made of this one. */
const HOMES = ['samples/starter-kit/web', 'src/web']
const ROOT = dirname(findPackageJSON(import.meta.url) ?? '.')
const FOLDER = HOMES.map((home) => join(ROOT, home)).find((folder) => existsSync(folder)) ?? join(ROOT, 'web')

/** What the page asks for; its source stands beside it and is nobody's. */
const PARTS: readonly string[] = ['page.css', 'page.js', 'elements.js', 'calls.js', 'factors.js', 'tickets.js']

const FROM_HERE = ["'self'"]
const NOTHING = ["'none'"]

@Controller('/')
@NoTenant('The page is the same for everybody.')
@Public('Strangers begin here.')
@Doc({ hidden: true })
@SecurityHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': NOTHING,
      'script-src': FROM_HERE,
      'style-src': FROM_HERE,
      'connect-src': FROM_HERE,
      'img-src': ['data:'],
      'base-uri': NOTHING,
      'form-action': NOTHING,
      'frame-ancestors': NOTHING,
    },
  },
})
export class WebController {
  @Get('/')
  page(): FileResponse {
    return file('page.html', { root: FOLDER })
  }

  /** Where the links of mails lead; the page sends the code behind `#`. */
  @Get('/verify')
  verify(): FileResponse {
    return this.page()
  }

  @Get('/invitation')
  invitation(): FileResponse {
    return this.page()
  }

  /** A login by redirect that wants a second factor leads here. */
  @Get('/second-factor')
  secondFactor(): FileResponse {
    return this.page()
  }

  @Get('/reset-password')
  resetPassword(): FileResponse {
    return this.page()
  }

  @Get('/confirm-email')
  confirmEmail(): FileResponse {
    return this.page()
  }

  @Get('/web/:name')
  part(@Param('name') name: string): FileResponse {
    if (!PARTS.includes(name)) throw new NotFoundException()
    return file(name, { root: FOLDER })
  }
}
