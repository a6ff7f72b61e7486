/** What all pages of `/_dev` are: self-contained, in light and dark, with one script that only the page's nonce lets run. */
import { randomBytes } from 'node:crypto'

import { html, type Content, type Markup } from './markup.ts'
import { SCRIPT } from './page-script.ts'
import { STYLE } from './page-style.ts'

export interface Page {
  readonly text: string
  readonly contentSecurityPolicy: string
}

export interface PageParts {
  readonly title: string
  /** Name of the application. */
  readonly service: string
  readonly body: Content
}

export function renderPage({ title, service, body }: PageParts): Page {
  const nonce = randomBytes(16).toString('base64')
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${service}</title>
        <style nonce="${nonce}">
          ${STYLE}
        </style>
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/_dev">${MARK}<b>${service}</b></a>
          <nav><a href="/_dev">Calls</a><a href="/metrics">Metrics</a><a href="/health/ready">Health</a></nav>
        </header>
        <main>${body}</main>
        <footer>Kept in memory, in development only, and shown to this machine alone.</footer>
        <script nonce="${nonce}">
          ${SCRIPT}
        </script>
      </body>
    </html> `
  return {
    text: page.text,
    contentSecurityPolicy:
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; ` +
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  }
}

/** `12.3 ms`, `1.24 s`. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return `${ms.toFixed(ms < 10 ? 2 : 1)} ms`
}

export function bytes(count: number): string {
  const size = Math.abs(count)
  const text = size >= 1_048_576 ? `${(size / 1_048_576).toFixed(1)} MB` : `${Math.round(size / 1024)} KB`
  return count < 0 ? `−${text}` : text
}

export function statusPill(status: number | undefined): Markup {
  if (status === undefined) return html`<span class="pill">…</span>`
  return html`<span class="pill s${Math.floor(status / 100)}">${status}</span>`
}

/** The mark: a tenon in its mortise. */
const MARK = html`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
  <path class="m1" d="M2 5h9v4h6v6h-6v4H2z" />
  <path class="m2" d="M22 5h-9v2h6v10h-6v2h9z" />
</svg>`
