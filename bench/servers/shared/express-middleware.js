/** The middleware Express applications use, as their documentation shows it; outermost first. */
import { createWriteStream } from 'node:fs'

import cors from 'cors'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import morgan from 'morgan'

import { LOG_FILE, ORIGIN, RATE_LIMIT, RATE_WINDOW_MS } from './settings.js'

export function accessLog() {
  return morgan('combined', { stream: createWriteStream(LOG_FILE, { flags: 'a' }) })
}

export function protection() {
  return [helmet(), cors({ origin: [ORIGIN] }), rateLimit({ limit: RATE_LIMIT, windowMs: RATE_WINDOW_MS })]
}
