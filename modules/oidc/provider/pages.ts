/** The few pages of the authorization server: plain forms that need no script. */

export interface PageText {
  readonly title: string
  /** Ready HTML. */
  readonly body: string
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:10vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
input{padding:.5rem;margin:0 0 1rem;border:1px solid #767676;border-radius:.25rem}
button{padding:.6rem;margin:.5rem 0;border:1px solid #1a1a1a;border-radius:.25rem;background:#1a1a1a;color:#fff;cursor:pointer}
button.quiet{background:#fff;color:#1a1a1a}
[role=alert]{color:#b00020}`

export function page({ title, body }: PageText, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>
`
}

/**
 * What such a page may do: show itself and send its form.
 * @param formTargets - Browsers hold a form to the policy through all redirects that follow, so the client's origin is
 *   among them (Content Security Policy 3 §6.4.2).
 */
export function pagePolicy(nonce: string, formTargets: readonly string[]): string {
  const targets = ["'self'", ...formTargets].join(' ')
  return `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`
}

/** What a redirect address is called in a policy: its origin, or its scheme where it has none. */
export function formTargetOf(address: unknown): readonly string[] {
  const url = typeof address === 'string' ? URL.parse(address) : null
  if (!url) return []
  return [url.origin === 'null' ? url.protocol : url.origin]
}

export interface LoginPage {
  readonly title: string
  readonly client: string
  readonly action: string
  readonly email: string
  readonly error?: string | undefined
}

export function loginPage({ title, client, action, email, error }: LoginPage): PageText {
  return {
    title,
    body: `${error === undefined ? '' : `<p role="alert">${escapeHtml(error)}</p>`}
<p>to continue to <strong>${escapeHtml(client)}</strong></p>
<form method="post" action="${escapeHtml(action)}/login">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="${escapeHtml(email)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Log in</button>
</form>
${abortForm(action)}`,
  }
}

export interface ConsentPage {
  readonly client: string
  readonly action: string
  readonly scopes: readonly string[]
}

export function consentPage({ client, action, scopes }: ConsentPage): PageText {
  const items = scopes.map((scope) => `<li>${escapeHtml(SCOPE_TEXTS[scope] ?? scope)}</li>`).join('')
  return {
    title: `Continue to ${client}`,
    body: `<p><strong>${escapeHtml(client)}</strong> would like to know and do:</p>
<ul>${items}</ul>
<form method="post" action="${escapeHtml(action)}/confirm"><button>Allow</button></form>
${abortForm(action)}`,
  }
}

export function errorPage(error: string, description: string | undefined): PageText {
  return {
    title: 'This did not work',
    body: `<p>${escapeHtml(description ?? error)}</p><p><small>${escapeHtml(error)}</small></p>`,
  }
}

export function logoutPage(client: string | undefined, form: string): PageText {
  return {
    title: 'Log out',
    body: `<p>${client === undefined ? 'An application' : escapeHtml(client)} asks to log you out.</p>
${form}
<button form="op.logoutForm" name="logout" value="yes">Log out</button>
<button class="quiet" form="op.logoutForm">Stay logged in</button>`,
  }
}

export const loggedOutPage: PageText = { title: 'Logged out', body: '<p>You are logged out.</p>' }

const SCOPE_TEXTS: Readonly<Record<string, string>> = {
  openid: 'that it is you',
  email: 'your e-mail address',
  profile: 'your name',
  roles: 'your roles',
  tenant: 'the organization you belong to',
  offline_access: 'all of this also while you are away',
}

function abortForm(action: string): string {
  return `<form method="post" action="${escapeHtml(action)}/abort"><button class="quiet">Cancel</button></form>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!)
}
