/** Second factors: proving one, at login and again before what matters; and setting them up. */
import { read, Refused, remedy, send } from './calls.js'
import { button, el, form, section, show, table } from './elements.js'

const MFA = '/api/auth/mfa'

/** Browsers know passkeys by the name of a site, and an address of digits is none. */
const isNamed = !/^[\d.]+$|:/.test(location.hostname)

async function choosePasskey(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return (await navigator.credentials.get({ publicKey })).toJSON()
}

/** Options for passkeys, or where the page must be opened for them. */
export function passkeyButton(text, done) {
  if (isNamed) return button(text, done)
  const address = new URL(location.href)
  address.hostname = 'localhost'
  return el(
    'p',
    { className: 'quiet' },
    'Passkeys: open ',
    el('a', { href: address.origin }, address.origin),
    ' instead.',
  )
}

/**
 * One of what somebody can prove.
 * @param methods - Those they have.
 * @param optionsFor - Asks for the options of a passkey.
 * @param done - Gets the proof.
 */
export function proofForms(methods, optionsFor, done, further = {}) {
  const has = (...some) => some.some((method) => methods.includes(method))
  return [
    has('hwk', 'swk')
      ? passkeyButton('Use a passkey', async () => done({ passkey: await choosePasskey(await optionsFor()) }))
      : undefined,
    has('otp') ? form({ code: 'text', ...further }, 'Continue', done) : undefined,
    has('recovery')
      ? el('details', {}, el('summary', {}, 'Neither is at hand'), form({ recoveryCode: 'text' }, 'Use it', done))
      : undefined,
  ]
}

/** After the password, or a login elsewhere: the ticket stands for that. */
export function showSecondFactor({ ticket, methods }, done) {
  const finish = async ({ rememberDevice, ...proof }) => {
    await read('/api/auth/csrf')
    const json = { ticket, ...proof, ...(rememberDevice && { rememberDevice: true }) }
    await done(await send('POST', `${MFA}/login`, json))
  }
  const options = () => send('POST', `${MFA}/login/options`, { ticket })
  show(
    el(
      'div',
      { className: 'narrow' },
      section(
        'One more step',
        el('p', {}, 'Prove that it is you.'),
        ...proofForms(methods, options, finish, { rememberDevice: 'checkbox' }),
      ),
    ),
  )
}

/** A call has wanted a second factor that was proved lately: it is asked for, and the call goes on. */
remedy('MFA_STEP_UP_REQUIRED', async () => {
  const { methods } = await read(MFA)
  if (methods.length === 0) {
    await showSecurity()
    throw new Error('This wants a second factor: set one up here, then try again.')
  }
  const dialog = el('dialog', {})
  const { promise, resolve, reject } = Promise.withResolvers()
  const finish = async (proof) => resolve(await send('POST', `${MFA}/step-up`, proof))
  dialog.append(
    section(
      'Is it you?',
      el('p', {}, 'This matters, so prove it once more.'),
      el('p', { role: 'alert' }),
      ...proofForms(methods, () => send('POST', `${MFA}/step-up/options`), finish).filter(Boolean),
      button('Cancel', () => dialog.close(), 'quiet'),
    ),
  )
  dialog.addEventListener('close', () => reject(new Error('Nothing was done.')))
  document.body.append(dialog)
  dialog.showModal()
  try {
    await promise
  } finally {
    dialog.remove()
  }
})

/** @param done - Where somebody goes who must set one up first. */
export async function showSecurity(done) {
  const factors = await read(MFA)
  const again = () => showSecurity(done)
  show(
    done && factors.methods.length === 0
      ? el('p', { className: 'note' }, 'Admins decide about others, so their login needs a second factor. Set one up:')
      : undefined,
    el('div', { className: 'pair' }, passkeys(factors, again, done), authenticator(factors, again, done)),
    factors.methods.length === 0 ? undefined : rest(factors, again),
    done && factors.methods.length > 0 ? button('Continue', done, 'main') : undefined,
    done ? undefined : await identities(again),
  )
}

function passkeys({ passkeys: known }, again, done) {
  const rows = known.map(({ id, name, lastUsedAt }) => [
    name,
    lastUsedAt ? `used ${new Date(lastUsedAt).toLocaleDateString()}` : 'not used yet',
    button('Remove', async () => {
      await send('DELETE', `${MFA}/passkeys/${id}`)
      await again()
    }),
  ])
  const add = async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await send('POST', `${MFA}/passkeys/options`))
    const passkey = (await navigator.credentials.create({ publicKey })).toJSON()
    await activated(await send('POST', `${MFA}/passkeys`, { name: nameOfDevice(), passkey }), again, done)
  }
  return section(
    'Passkeys',
    el('p', { className: 'quiet' }, 'A finger, a face or a key of yours: it logs in without a password, too.'),
    table(rows),
    passkeyButton('Add a passkey', add),
  )
}

function authenticator({ authenticatorSince: since }, again, done) {
  const begin = async () => {
    const { secret, uri, qr } = await enrolment()
    const confirm = async ({ code }) => activated(await send('POST', `${MFA}/totp/confirm`, { code }), again, done)
    show(
      section(
        'Authenticator app',
        el('p', {}, 'Scan this with the app, or ', el('a', { href: uri }, 'open it there'), ', or type the secret:'),
        qr ? el('img', { src: qr, alt: 'The same as a picture', width: 200 }) : undefined,
        el('p', {}, el('code', { id: 'secret' }, secret)),
        form({ code: 'text' }, 'Confirm', confirm),
      ),
    )
  }
  return section(
    'Authenticator app',
    el(
      'p',
      { className: 'quiet' },
      since ? `There since ${new Date(since).toLocaleDateString()}.` : 'Six digits from your telephone.',
    ),
    button(since ? 'Replace it' : 'Set it up', begin),
    since
      ? button('Remove', async () => {
          await send('DELETE', `${MFA}/totp`)
          await again()
        })
      : undefined,
  )
}

/** With a picture, where the desk can draw one. */
async function enrolment() {
  try {
    return await send('POST', `${MFA}/totp`, { qr: 'png' })
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== 'MFA_PACKAGE_MISSING') throw error
    return send('POST', `${MFA}/totp`, {})
  }
}

/** The first factor brings recovery codes, shown this once. */
async function activated({ recoveryCodes }, again, done) {
  if (!recoveryCodes) return (done ?? again)()
  showCodes(recoveryCodes, done ?? again)
  return undefined
}

function showCodes(codes, next) {
  show(
    section(
      'Recovery codes',
      el('p', {}, 'Each logs you in once when nothing else is at hand. Keep them: they are not shown again.'),
      el(
        'ul',
        { className: 'codes' },
        codes.map((code) => el('li', {}, el('code', {}, code))),
      ),
      button('I have kept them', next, 'main'),
    ),
  )
}

function rest({ recoveryCodesLeft, rememberedDevices }, again) {
  const rows = rememberedDevices.map(({ id, agent, lastUsedAt }) => [
    agent.slice(0, 60),
    new Date(lastUsedAt).toLocaleDateString(),
    button('Forget', async () => {
      await send('DELETE', `${MFA}/devices/${id}`)
      await again()
    }),
  ])
  const renew = async () => showCodes((await send('POST', `${MFA}/recovery-codes`)).recoveryCodes, again)
  return section(
    'When nothing is at hand',
    el('p', {}, `${recoveryCodesLeft} recovery codes are left.`),
    button('Make new ones', renew),
    rows.length > 0 ? el('h3', {}, 'Browsers that are not asked') : undefined,
    table(rows),
  )
}

/** Other places to log in with, where the desk knows any. */
async function identities(again) {
  const issuers = await read('/api/auth/oidc')
  if (issuers.length === 0) return undefined
  const linked = await read('/api/auth/oidc/identities').catch(() => [])
  const rows = linked.map(({ issuer, email }) => [issuer, email ?? ''])
  const link = (name) => async (json) => {
    const { location: there } = await send('POST', `/api/auth/oidc/${name}/link`, { ...json, returnTo: '/' })
    location.assign(there)
  }
  return section(
    'Log in with others',
    table(rows),
    ...issuers.map(({ name, title }) => form({ password: 'password' }, `Link ${title}`, link(name))),
    button('Look again', again, 'quiet'),
  )
}

function nameOfDevice() {
  return (navigator.userAgentData?.platform || 'Passkey').slice(0, 64)
}

/** The page that logins by redirect lead to: the ticket stands behind `#`. */
export function finishLogin(asked, done) {
  const methods = (asked.get('methods') ?? '').split(',')
  showSecondFactor({ ticket: asked.get('ticket'), methods }, done)
}

/** Whoever has a passkey needs neither name nor password. */
export async function logInByPasskey(done) {
  await read('/api/auth/csrf')
  const passkey = await choosePasskey(await send('POST', `${MFA}/passkey/options`))
  await done(await send('POST', `${MFA}/passkey/login`, { passkey }))
}
