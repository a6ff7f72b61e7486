/** What Express adds to requests and responses, and how it gets there: by the first use of one of its members. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** What `express/lib/request.js` adds; a test compares the list with the file. */
export const EXPRESS_REQUEST_MEMBERS = [
  'get',
  'header',
  'accepts',
  'acceptsEncodings',
  'acceptsCharsets',
  'acceptsLanguages',
  'range',
  'query',
  'is',
  'protocol',
  'secure',
  'ip',
  'ips',
  'subdomains',
  'path',
  'host',
  'hostname',
  'fresh',
  'stale',
  'xhr',
] as const

/** What `express/lib/response.js` adds. */
export const EXPRESS_RESPONSE_MEMBERS = [
  'status',
  'links',
  'send',
  'json',
  'jsonp',
  'sendStatus',
  'sendFile',
  'download',
  'contentType',
  'type',
  'format',
  'attachment',
  'append',
  'set',
  'header',
  'get',
  'clearCookie',
  'cookie',
  'location',
  'redirect',
  'vary',
  'render',
] as const

/** Until they are loaded, each member of Express is an accessor that loads them. */
export function standIn(type: { prototype: object }, members: readonly string[], file: string): void {
  for (const name of members) {
    Object.defineProperty(type.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Record<string, unknown>): unknown {
        loadBehind(type, members, file)
        return this[name]
      },
      set(this: Record<string, unknown>, value: unknown): void {
        loadBehind(type, members, file)
        this[name] = value
      },
    })
  }
}

/** Puts Express's own prototype behind ours, in place of the accessors. */
export function loadBehind({ prototype }: { prototype: object }, members: readonly string[], file: string): void {
  const express = require(file) as object
  if (Object.getPrototypeOf(prototype) === express) return
  for (const name of members) delete (prototype as Record<string, unknown>)[name]
  Object.setPrototypeOf(prototype, express)
}
