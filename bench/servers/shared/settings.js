/** What every server of the comparison is told by the harness, and the constants they agree on. */
import { env } from 'node:process'

export const PORT = Number(env.PORT)
export const HOST = '127.0.0.1'
/** Where access logs go in the full stack. */
export const LOG_FILE = env.BENCH_LOG ?? '/dev/null'
export const JWT_SECRET = 'a secret of at least thirty-two bytes, for the benchmark alone'
/** Who signs the tokens, and whom they are for. */
export const ISSUER = 'https://bench.example.com'
export const ORIGIN = 'https://app.example.com'
/** High enough that nobody is ever refused: counting is what is measured. */
export const RATE_LIMIT = 1_000_000_000
export const RATE_WINDOW_MS = 60_000
/** Routes of the application with many of them. */
export const ROUTES = 500
/** `sqlite:<path>` or `postgres://...`. */
export const DATABASE_URL = env.DATABASE_URL ?? 'sqlite::memory:'
/** Uploads are written to this file, downloads read from the other. */
export const UPLOAD_FILE = env.BENCH_UPLOAD ?? '/dev/null'
export const DOWNLOAD_FILE = env.BENCH_DOWNLOAD ?? '/dev/null'
