/**
 * Sessions in Redis, shared by all processes, ended by Redis itself. Keys carry no tenant: a session belongs to an account,
 * and is read before anybody knows for which tenant it calls.
 */
import { Redis, type RedisScript } from 'tenon/redis'
import { Injectable } from 'tenon/decorators'

import type { SessionRecord } from '../session.ts'
import { SessionStore, type SessionChanges } from '../session-store.ts'

/** Each session is a hash of two fields, since being used is noted without reading the rest; one hash lists those of an account. */
const INSERT = `
  redis.call('HSET', KEYS[1], 'record', ARGV[1], 'seen', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])`

const TOUCH = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'seen', ARGV[1]) end`

/** The record must still be the one that was read. The new secret takes over what is left of the time. */
const CHANGE = `
  if redis.call('HGET', KEYS[1], 'record') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'record', ARGV[2])
  if KEYS[1] ~= KEYS[3] then
    redis.call('RENAME', KEYS[1], KEYS[3])
    redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
  end
  return 1`

/** Those that Redis has ended leave the list when somebody looks at it. */
const LIST = `
  local found = {}
  local known = redis.call('HGETALL', KEYS[1])
  for i = 1, #known, 2 do
    local session = redis.call('HMGET', ARGV[1] .. known[i + 1], 'record', 'seen')
    if session[1] then
      found[#found + 1] = session[1]
      found[#found + 1] = session[2]
    else
      redis.call('HDEL', KEYS[1], known[i])
    end
  end
  return found`

const DELETE = `
  local secret = redis.call('HGET', KEYS[1], ARGV[2])
  if not secret then return 0 end
  redis.call('HDEL', KEYS[1], ARGV[2])
  return redis.call('DEL', ARGV[1] .. secret)`

const DELETE_ALL = `
  local count = 0
  local known = redis.call('HGETALL', KEYS[1])
  for i = 1, #known, 2 do
    if known[i] ~= ARGV[2] then
      count = count + redis.call('DEL', ARGV[1] .. known[i + 1])
      redis.call('HDEL', KEYS[1], known[i])
    end
  end
  return count`

@Injectable()
export class RedisSessionStore extends SessionStore {
  readonly #redis: Redis
  readonly #scripts: Readonly<Record<'insert' | 'touch' | 'change' | 'list' | 'delete' | 'deleteAll', RedisScript>>

  constructor(redis: Redis) {
    super()
    this.#redis = redis
    this.#scripts = {
      insert: redis.script(INSERT),
      touch: redis.script(TOUCH),
      change: redis.script(CHANGE),
      list: redis.script(LIST),
      delete: redis.script(DELETE),
      deleteAll: redis.script(DELETE_ALL),
    }
  }

  async insert(session: SessionRecord): Promise<void> {
    const { id, secretHash, accountId, lastSeenAt, expiresAt, createdAt } = session
    await this.#scripts.insert(
      [this.#session(secretHash), this.#account(accountId)],
      [write(session), lastSeenAt, expiresAt - createdAt, id, secretHash],
    )
  }

  async findBySecretHash(secretHash: string): Promise<SessionRecord | undefined> {
    const [record, seen] = (await this.#redis.send('HMGET', this.#session(secretHash), 'record', 'seen')) as Reply
    return read(record, seen)
  }

  async list(accountId: string, now: number): Promise<readonly SessionRecord[]> {
    const found = (await this.#scripts.list([this.#account(accountId)], [this.#session('')])) as Reply
    return found
      .flatMap((record, index) => (index % 2 === 0 ? (read(record, found[index + 1]) ?? []) : []))
      .filter(({ expiresAt }) => expiresAt > now)
      .toSorted((a, b) => b.createdAt - a.createdAt || a.id.localeCompare(b.id))
  }

  async touch({ secretHash }: SessionRecord, at: number): Promise<void> {
    await this.#scripts.touch([this.#session(secretHash)], [at])
  }

  async change(session: SessionRecord, changes: SessionChanges): Promise<boolean> {
    const changed = { ...session, ...changes }
    const { id, accountId } = session
    const keys = [this.#session(session.secretHash), this.#account(accountId), this.#session(changed.secretHash)]
    return (await this.#scripts.change(keys, [write(session), write(changed), id, changed.secretHash])) === 1
  }

  async delete(accountId: string, id: string): Promise<boolean> {
    return (await this.#scripts.delete([this.#account(accountId)], [this.#session(''), id])) === 1
  }

  async deleteAll(accountId: string, exceptId = ''): Promise<number> {
    return Number(await this.#scripts.deleteAll([this.#account(accountId)], [this.#session(''), exceptId]))
  }

  /** Redis does it. */
  async deleteExpired(): Promise<void> {}

  #session(secretHash: string): string {
    return this.#redis.key('session', secretHash)
  }

  #account(accountId: string): string {
    return this.#redis.key('sessions-of', accountId)
  }
}

type Reply = readonly (string | null)[]

/** When it was seen stands beside it. The order of the members is fixed, so that records compare as texts. */
function write({
  id,
  secretHash,
  accountId,
  createdAt,
  expiresAt,
  factors,
  address,
  agent,
  data,
}: SessionRecord): string {
  return JSON.stringify({ id, secretHash, accountId, createdAt, expiresAt, factors, address, agent, data })
}

function read(record: string | null | undefined, seen: string | null | undefined): SessionRecord | undefined {
  if (record === null || record === undefined) return undefined
  return { ...(JSON.parse(record) as Omit<SessionRecord, 'lastSeenAt'>), lastSeenAt: Number(seen) }
}
