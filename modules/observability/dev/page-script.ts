/** What the pages of `/_dev` do in the browser: filter, look again, fold, and take a profile. */
import { Markup } from './markup.ts'

export const SCRIPT = new Markup(`
const one = (selector) => document.querySelector(selector)
const filter = one('#filter')
const apply = () => {
  const text = (filter?.value ?? '').toLowerCase()
  for (const row of document.querySelectorAll('#calls tbody tr')) row.hidden = !row.textContent.toLowerCase().includes(text)
}
filter?.addEventListener('input', apply)
addEventListener('keydown', (event) => {
  if (event.key === '/' && filter && document.activeElement !== filter) { event.preventDefault(); filter.focus() }
})
const live = one('#live')
if (live) setInterval(async () => {
  if (!live.checked || document.hidden) return
  const response = await fetch(location.href).catch(() => undefined)
  if (!response?.ok) return
  const text = (await response.text()).replace(/<(style) [^]*?<\\/\\1>/, '')
  const fresh = new DOMParser().parseFromString(text, 'text/html')
  one('#calls').replaceWith(fresh.querySelector('#calls'))
  one('#summary').replaceWith(fresh.querySelector('#summary'))
  apply()
}, 1500)
const reveal = () => { const found = /^#q\\d+$/.test(location.hash) && one(location.hash); if (found) found.querySelector('details')?.setAttribute('open', '') }
addEventListener('hashchange', reveal)
reveal()
one('#quick')?.addEventListener('change', (event) => one('.timeline').classList.toggle('all', event.target.checked))
for (const button of document.querySelectorAll('[data-profile]')) button.addEventListener('click', async () => {
  const text = button.textContent
  button.disabled = true
  button.textContent = 'Recording…'
  const response = await fetch(button.dataset.profile, { method: 'POST' }).catch(() => undefined)
  button.disabled = false
  button.textContent = response?.ok ? text : 'The profile failed'
  if (!response?.ok) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = 'application.cpuprofile'
  link.click()
})
`)
