/** `REDIS_URL`, checked before a client sees it, and printed without its password. */
import { RedisUrlUnreadable } from './redis-errors.ts'

/** @throws `REDIS_URL_UNREADABLE`, which never repeats the URL: it may hold a password. */
export function readRedisUrl(text: string): URL {
  if (!URL.canParse(text)) throw new RedisUrlUnreadable('it is no URL')
  const url = new URL(text)
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new RedisUrlUnreadable(`${url.protocol}// is not redis:// or rediss://`)
  }
  if (url.hostname === '') throw new RedisUrlUnreadable('it names no host')
  if (!/^(\/\d*)?$/.test(url.pathname)) throw new RedisUrlUnreadable('its path is not the number of a database')
  return url
}

/** `host:port/database`, for messages. */
export function printRedisTarget({ hostname, port, pathname }: URL): string {
  return `${hostname}:${port || '6379'}${pathname === '/' ? '' : pathname}`
}
