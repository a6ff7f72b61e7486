/** What can go wrong between an application and Redis. */
import { defineError } from 'tenon'

export const RedisPackageMissing = defineError({
  code: 'REDIS_PACKAGE_MISSING',
  status: 500,
  message: (name: string, version: string) =>
    `Redis needs the package ${name}, which is not installed: run npm install ${name}@${version}`,
  help: 'Run the command in the message; the client is not installed with the framework, so that nobody carries it in vain.',
})

export const RedisUrlUnreadable = defineError({
  code: 'REDIS_URL_UNREADABLE',
  status: 500,
  message: (reason: string) => `REDIS_URL cannot be read: ${reason}.`,
  help: 'Write redis://user:password@host:6379/0, or rediss://… for a server with TLS; percent-encode @ : / # in a password.',
})

export const RedisUnreachable = defineError({
  code: 'REDIS_UNREACHABLE',
  status: 503,
  message: (server: string, reason: string) => `Redis at ${server} does not answer: ${reason}.`,
  help: 'Start the server there, or correct REDIS_URL; the client says more in the cause.',
})

export const RedisClosed = defineError({
  code: 'REDIS_CLOSED',
  status: 500,
  message: () => 'Redis was used after the application has closed its connection.',
  help: 'Stop what still uses it in an @OnShutdown method of a provider that injects Redis: those are shut down before it.',
})
