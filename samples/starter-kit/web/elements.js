/** What the page is made of. Texts are texts, so nothing that people write becomes markup. */
export function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children.flat().filter((child) => child !== undefined))
  return element
}

/** Where it is seen: a dialog covers the rest. */
export function tell(text) {
  const place = document.querySelector('dialog [role=alert]') ?? document.getElementById('notice')
  place.textContent = text
}

/** What fails is told, and ends there. */
export async function attempt(work) {
  tell('')
  try {
    await work()
  } catch (error) {
    tell(error.message)
    console.info(String(error))
  }
}

/** What browsers fill in, and how fields are called where their name does not say it. */
const FIELDS = {
  email: { autocomplete: 'username' },
  password: { autocomplete: 'current-password' },
  newPassword: { label: 'Password', name: 'password', autocomplete: 'new-password' },
  rememberDevice: { label: 'Do not ask this browser again' },
  code: { label: 'Code of your authenticator app', inputMode: 'numeric', autocomplete: 'one-time-code' },
  recoveryCode: { label: 'Recovery code', autocomplete: 'off' },
}

/** A form of labelled fields: `{ email: 'email' }`; what is sent is handed over as an object. */
export function form(fields, submit, done) {
  const element = el('form', {}, Object.entries(fields).map(fieldOf), el('button', { className: 'main' }, submit))
  element.addEventListener('submit', (event) => {
    event.preventDefault()
    void attempt(() => done(Object.fromEntries(new FormData(element))))
  })
  return element
}

function fieldOf([key, type]) {
  const { label = key.replace(/^./, (first) => first.toUpperCase()), name = key, ...rest } = FIELDS[key] ?? {}
  if (type === 'checkbox') return el('label', { className: 'check' }, el('input', { name, type, value: 'yes' }), label)
  const input = Array.isArray(type)
    ? el('select', { name }, ...type.map((value) => el('option', { value }, value)))
    : el(type === 'textarea' ? 'textarea' : 'input', {
        name,
        required: true,
        ...(type !== 'textarea' && { type }),
        ...rest,
      })
  return el('label', {}, label, input)
}

export function button(text, done, className = '') {
  const element = el('button', { type: 'button', className }, text)
  element.addEventListener('click', () => void attempt(done))
  return element
}

export function section(title, ...children) {
  return el('section', {}, el('h2', {}, title), ...children)
}

/** @param rows - Of texts and elements. */
export function table(rows, heads = []) {
  const head =
    heads.length === 0
      ? undefined
      : el(
          'thead',
          {},
          el(
            'tr',
            {},
            heads.map((each) => el('th', {}, each)),
          ),
        )
  const lines = rows.map((cells) =>
    el(
      'tr',
      {},
      cells.map((cell) => el('td', {}, cell)),
    ),
  )
  return el('table', {}, head, el('tbody', {}, lines))
}

export function show(...elements) {
  document.getElementById('main').replaceChildren(...elements.flat().filter((each) => each !== undefined))
}
