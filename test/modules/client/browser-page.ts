/** A page of an application under test, in a real Chromium. */
import { existsSync } from 'node:fs'

import { launch, type Page } from 'puppeteer-core'

const CHROMIUM = '/usr/bin/chromium'

/** In CI a missing browser is a failure. */
export const inBrowser = existsSync(CHROMIUM) || process.env['CI'] ? describe : describe.skip

interface Answering {
  setHeader(name: string, value: string): void
  end(text: string): void
}

/** Middleware that answers `/page`, and the scripts beside it by their paths. */
export function serving(scripts: ReadonlyMap<string, string>) {
  return ({ url }: { readonly url: string }, response: Answering, next: () => void): void => {
    const script = scripts.get(url)
    if (url !== '/page' && script === undefined) return next()
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
    response.setHeader(
      'content-security-policy',
      "default-src 'self'; worker-src blob:; script-src 'self' 'unsafe-eval' blob:",
    )
    response.end(script ?? '<!doctype html><title>A page</title>')
  }
}

export type Exposed = Readonly<Record<string, (argument: string) => Promise<unknown>>>

/**
 * Runs `body` in the page at `url`.
 * @param exposed - Functions of the test that the page may call.
 * @param prepare - What the page is given before.
 */
export async function drive(
  url: string,
  body: string,
  exposed: Exposed = {},
  prepare?: (page: Page) => Promise<void>,
): Promise<unknown> {
  const browser = await launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    for (const [name, called] of Object.entries(exposed)) await page.exposeFunction(name, called)
    await prepare?.(page)
    await page.goto(url)
    return await page.evaluate(`(async () => { ${body} })()`)
  } finally {
    await browser.close()
  }
}
