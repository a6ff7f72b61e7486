import { serve } from '@hono/node-server'

import { HOST, PORT } from '../shared/settings.js'

export function serveHono({ fetch }) {
  serve({ fetch, port: PORT, hostname: HOST })
}
