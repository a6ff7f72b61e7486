/**
 * A plain page that asks for the second factor of a login which the browser was led into by redirects: with an identity
 * provider, or at our own. Its script finds the ticket behind `#`, which no server log and no `Referer` sees.
 */
import { MfaPaths } from '../mfa-paths.ts'

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:10vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}
input[name],button{display:block;width:100%;box-sizing:border-box;font:inherit}
input[name]{padding:.5rem;margin:0 0 1rem;border:1px solid #767676;border-radius:.25rem}
button{padding:.6rem;margin:.5rem 0;border:1px solid #1a1a1a;border-radius:.25rem;background:#1a1a1a;color:#fff;cursor:pointer}
[hidden]{display:none}
[role=alert]{color:#b00020}`

/** Everything that comes from outside is sent back or written as text; where it goes at the end, the server has said. */
const SCRIPT = `
const asked = new URLSearchParams(location.hash.slice(1))
const ticket = asked.get('ticket') ?? ''
const methods = (asked.get('methods') ?? '').split(',')
history.replaceState(null, '', location.pathname)
const byId = (id) => document.getElementById(id)
const tell = (text) => (byId('told').textContent = text)
let csrfToken = ''

async function send(path, json) {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(json) })
  const body = await answer.json()
  if (!answer.ok) throw new Error(body.detail)
  return body
}

async function prove(proof) {
  tell('')
  try {
    csrfToken = (await (await fetch(PATHS.csrf)).json()).csrfToken
    const { returnTo = '/' } = await send(PATHS.login, { ticket, ...(await proof()) })
    location.assign(returnTo)
  } catch (error) {
    tell(error.message)
  }
}

async function passkey() {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await send(PATHS.options, { ticket }))
  return { passkey: (await navigator.credentials.get({ publicKey })).toJSON() }
}

for (const [form, method] of [['code', 'otp'], ['recoveryCode', 'recovery']]) {
  byId(form).hidden = !methods.includes(method)
  byId(form).addEventListener('submit', (event) => {
    event.preventDefault()
    void prove(async () => ({ [form]: new FormData(byId(form)).get(form).trim() }))
  })
}
byId('passkey').hidden = !methods.includes('hwk') && !methods.includes('swk')
byId('passkey').addEventListener('click', () => void prove(passkey))
if (ticket === '') tell('Go back and log in again.')
`

/** @param nonce - Of this answer alone: its style and script are the only ones that run. */
export function secondFactorPage({ csrf, login }: MfaPaths, nonce: string): string {
  const paths = JSON.stringify({ csrf, login: login.session, options: login.passkeyOptions })
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Second factor</title><link rel="icon" href="data:,"><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>Second factor</h1>
<p>One more step: prove that it is you.</p>
<p role="alert" id="told"></p>
<button id="passkey" hidden>Use a passkey</button>
<form id="code" hidden><label for="otp">Code of the authenticator app</label>
<input id="otp" name="code" inputmode="numeric" autocomplete="one-time-code" required><button>Continue</button></form>
<form id="recoveryCode" hidden><label for="recovery">Or a recovery code</label>
<input id="recovery" name="recoveryCode" autocomplete="off" required><button>Continue</button></form>
<noscript>This page needs JavaScript.</noscript>
</main><script nonce="${nonce}">const PATHS = ${paths}
${SCRIPT}</script></body>
</html>
`
}

export function secondFactorPolicy(nonce: string): string {
  const own = `'nonce-${nonce}'`
  return `default-src 'none'; script-src ${own}; style-src ${own}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
