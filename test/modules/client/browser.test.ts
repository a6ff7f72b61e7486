import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'

import { testApp } from 'tenon/testing'

import { drive, inBrowser, serving } from './browser-page.ts'
import { ClientAppModule } from './client-app.ts'
import { MadeClient } from './made-client.ts'

/** What the page does with the client; runs in the browser, which has types of its own. */
const DRIVE = `
  const { createClient } = await import('/api.js')
  const client = createClient({ token: 'stale', onTokenRefused: () => 'good-new', onStepUp: () => 'good-strong' })
  const order = await client.orders.get({ id: 2 })
  const ids = []
  for await (const { id } of client.orders.list.all()) ids.push(id)
  const events = []
  for await (const { data } of client.files.ticks({ many: 2 })) events.push(data.count)
  const progress = []
  const file = new File([new Uint8Array(2_000_000)], 'a.bin', { type: 'image/png' })
  const stored = await client.files.store(
    { body: { title: 'Big', file } },
    { onUploadProgress: ({ sentBytes, totalBytes }) => progress.push(sentBytes / totalBytes) },
  )
  const download = await client.files.fetch({ name: 'client-app.js' })
  const refused = await client.orders.place({ body: { title: 'x', amount: 1, to: { street: 's' } } }).result()
  const worker = new Worker(URL.createObjectURL(new Blob([
    "import('" + location.origin + "/api.js').then(async ({ createClient }) => " +
    "postMessage((await createClient({ baseUrl: '" + location.origin + "' }).orders.get({ id: 3 })).title))",
  ], { type: 'text/javascript' })), { type: 'module' })
  const inWorker = await new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data) })
  return {
    isDay: order.createdAt instanceof Date, serial: String(order.serial), ids, events, stored,
    progress: progress.at(-1), name: download.name, text: (await download.text()).includes('FilesController'),
    refused: refused.problem.errors[0].detail, vault: typeof (await client.vault.look()).count, opened: (await client.vault.open()).count, inWorker,
    missing: (await client.orders.get({ id: 99 }).result()).problem.code,
  }
`

inBrowser('The client in a real Chromium', () => {
  it('does in pages and workers what it does in Node', async () => {
    const scripts = new Map<string, string>()
    await using app = await testApp(ClientAppModule).use(serving(scripts)).boot()
    await using made = await MadeClient.of(app)
    scripts.set('/api.js', stripTypeScriptTypes(await readFile(made.file, 'utf8')))

    const seen = await drive(`${await app.url()}/page`, DRIVE)

    expect(seen).toEqual({
      isDay: true,
      serial: '9007199254740995',
      ids: [1, 2, 3, 4, 5, 6, 7],
      events: [1, 2],
      stored: { title: 'Big', bytes: 2_000_000, type: 'image/png' },
      progress: 1,
      name: 'über client-app.js.txt',
      text: true,
      refused: 'title must be longer than or equal to 3 characters',
      vault: 'number',
      opened: 1,
      inWorker: 'Order 3',
      missing: 'SHOP_ORDER_MISSING',
    })
  }, 60_000)
})
