/** The page of the desk: logging in, and what people do once they are. */
import { read, Refused, send } from './calls.js'
import { attempt, button, el, form, section, show, table, tell } from './elements.js'
import { finishLogin, logInByPasskey, passkeyButton, showSecondFactor, showSecurity } from './factors.js'
import { showTickets } from './tickets.js'

const nav = document.getElementById('nav')
let me
/** Where the desk, as the identity provider of somebody else, goes on after the login. */
let returnTo

/** @param done - What comes after the login. */
async function logIn(credentials, done = enter) {
  await read('/api/auth/csrf')
  try {
    await send('POST', '/api/auth/login', credentials)
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== 'MFA_REQUIRED') throw error
    return showSecondFactor(error.problem, done)
  }
  return done()
}

/** The session is there; what it may do, the desk says. */
async function enter() {
  remember()
  if (returnTo !== undefined) return location.assign(returnTo)
  try {
    me = await read('/api/me')
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== 'MFA_ENROLMENT_REQUIRED') throw error
    nav.replaceChildren(logOutButton())
    return showSecurity(enter)
  }
  const organisation = await read('/api/organisation')
  nav.replaceChildren(
    el('span', {}, `${me.name}, ${me.roles.join(', ')} at ${organisation.name}`),
    button('Tickets', () => showTickets(me)),
    button('API keys', showKeys),
    ...(me.roles.includes('admin') ? [button('Members', showMembers)] : []),
    button('Security', () => showSecurity()),
    logOutButton(),
  )
  return showTickets(me)
}

/** Where somebody has come from another issuer, the login there ends as well. */
function logOutButton() {
  return button('Log out', async () => {
    const { location: next } = await send('POST', '/api/auth/oidc/logout')
    localStorage.removeItem('desk')
    location.assign(next)
  })
}

/** The cookie is out of a script's sight; whoever was never here is not asked for. */
function remember() {
  localStorage.setItem('desk', 'known')
}

async function showStrangers() {
  nav.replaceChildren()
  const issuers = await read('/api/auth/oidc')
  const others = issuers.map(({ name, title }) =>
    el(
      'a',
      { className: 'button', href: `/api/auth/oidc/${name}/login?returnTo=/`, onclick: remember },
      `Log in with ${title}`,
    ),
  )
  show(
    el(
      'div',
      { className: 'pair' },
      section(
        'Log in',
        form({ email: 'email', password: 'password' }, 'Log in', (credentials) => logIn(credentials)),
        passkeyButton('Log in with a passkey', () => logInByPasskey(enter)),
        ...others,
      ),
      section(
        'Found an organisation',
        form(
          { organisation: 'text', name: 'text', email: 'email', newPassword: 'password' },
          'Sign up',
          async (signUp) => {
            await send('POST', '/api/auth/sign-up', signUp)
            tell('A mail with a link is on its way. In development mails are files in data/outbox.')
          },
        ),
      ),
    ),
  )
}

async function showKeys() {
  const keys = await read('/api/api-keys')
  const rows = keys.map(({ id, name, hint, scopes, expiresAt, revokedAt }) => [
    name,
    `${hint}…`,
    scopes.join(' '),
    revokedAt ? 'revoked' : `until ${new Date(expiresAt).toLocaleDateString()}`,
    button('Revoke', async () => {
      await send('DELETE', `/api/api-keys/${id}`)
      await showKeys()
    }),
  ])
  show(
    section('API keys', table(rows)),
    section(
      'A new key',
      form({ name: 'text', scope: ['tickets:read', 'tickets:write', 'tickets:work'] }, 'Make it', async (wanted) => {
        const { name, scope } = wanted
        const { secret } = await send('POST', '/api/api-keys', { name, scopes: [scope] })
        await showKeys()
        tell(`It is shown once: ${secret}`)
      }),
    ),
  )
}

async function showMembers() {
  const members = await read('/api/users')
  const invitations = await read('/api/invitations')
  const pending = invitations.map(({ id, name, email, roles, expiresAt }) => [
    name,
    email,
    roles.join(', '),
    `until ${new Date(expiresAt).toLocaleDateString()}`,
    button('Take back', async () => {
      await send('DELETE', `/api/invitations/${id}`)
      await showMembers()
    }),
  ])
  show(
    section('Members', table(members.map(({ name, email, roles, state }) => [name, email, roles.join(', '), state]))),
    pending.length > 0 ? section('Invited', table(pending)) : undefined,
    section(
      'Invite somebody',
      form({ name: 'text', email: 'email', role: ['customer', 'agent', 'admin'] }, 'Invite', async (invitation) => {
        await send('POST', '/api/invitations', invitation)
        await showMembers()
      }),
    ),
  )
}

async function showInvitation(code) {
  const { email, tenant, roles, hasAccount } = await read('/api/auth/csrf').then(() =>
    send('POST', '/api/auth/invitation', { code }),
  )
  const join = async () => {
    await send('POST', '/api/auth/invitation/join', { code })
    await enter()
  }
  const accept = async ({ password }) => {
    await send('POST', '/api/auth/invitation/accept', { code, password })
    await logIn({ email, password })
  }
  show(
    el(
      'div',
      { className: 'narrow' },
      section(
        'You are invited',
        el('p', {}, `To ${tenant}, as ${roles.join(', ')}, with ${email}.`),
        hasAccount
          ? el(
              'p',
              { className: 'note' },
              'Log in with your account to accept. You leave the organisation you are in now.',
            )
          : undefined,
        hasAccount
          ? form({ password: 'password' }, 'Log in and join', (json) => logIn({ email, ...json }, join))
          : form({ newPassword: 'password' }, 'Join', accept),
      ),
    ),
  )
}

/** The links of mails: `/verify#code=…` and its like. */
async function followLink(page, code) {
  if (page === '/invitation') return showInvitation(code)
  if (page === '/reset-password') {
    const reset = async ({ password }) => {
      await send('POST', '/api/auth/password/reset', { code, password })
      await showStrangers()
      tell('Now log in with it.')
    }
    return show(section('Choose a password', form({ newPassword: 'password' }, 'Save', reset)))
  }
  await showStrangers()
  await send('POST', page === '/verify' ? '/api/auth/verify' : '/api/auth/email/confirm', { code })
  return tell('That worked. Now log in.')
}

/** Why a login elsewhere has led to nothing, in words. */
const REASONS = {
  OIDC_LINK_NEEDED:
    'There is an account with this address already: log in with it, and link the other login under Security.',
  OIDC_ACCOUNT_UNKNOWN: 'Nobody here has this login. Ask for an invitation, or link it under Security.',
}

/** A path of the desk and nothing else: an address may be a stranger's. */
function ownPath(target) {
  const url = target === null ? null : URL.parse(target, location.origin)
  return url?.origin === location.origin && url.pathname.startsWith('/oidc/interaction/') ? url.pathname : undefined
}

async function begin() {
  const { pathname, hash, search } = location
  const asked = new URLSearchParams(hash.slice(1))
  const query = new URLSearchParams(search)
  const failure = query.get('error')
  returnTo = ownPath(query.get('returnTo'))
  if (hash !== '' || search !== '') history.replaceState(null, '', '/')
  // Where a login by redirect goes on, the desk has checked: it is not taken from the address.
  if (asked.has('ticket'))
    return finishLogin(asked, ({ returnTo: next = '/' }) => (next === '/' ? enter() : location.assign(next)))
  if (asked.has('code')) return followLink(pathname, asked.get('code'))
  const isKnown =
    failure === null &&
    returnTo === undefined &&
    localStorage.getItem('desk') !== null &&
    (await fetch('/api/me')).status !== 401
  if (isKnown) return read('/api/auth/csrf').then(enter)
  await showStrangers()
  if (failure !== null) tell(REASONS[failure] ?? `The login did not work (${failure}).`)
  return undefined
}

await attempt(begin)
