import { setTimeout as sleep } from 'node:timers/promises'

import { Body, Controller, Get, Health, Module, Post } from 'tenon'
import { BaseRepository, Column, Database, DataModule, Entity, PrimaryColumn, Replica, Repository } from 'tenon/data'
import { testApp } from 'tenon/testing'
import { Length } from 'tenon/validation'

import { openData } from '../open-data.ts'
import { postgresBinaries, startStreaming } from './streaming.ts'

/** Starts two servers, and waits for what is really late: only `FULL=1` does. */
const binaries = process.env['FULL'] === '1' ? postgresBinaries() : undefined
const suite = binaries === undefined ? describe.skip : describe

const DELAY_MS = 4000
const STICKY_MS = 1500

@Entity('headline')
class Headline {
  @PrimaryColumn() id!: number
  @Column() text!: string
}

@Repository(Headline)
class Headlines extends BaseRepository<Headline> {}

class HeadlineText {
  @Length(1, 40) text!: string
}

@Controller('/headline')
class HeadlineController {
  constructor(private readonly headlines: Headlines) {}

  @Get() async read(): Promise<Headline> {
    return this.headlines.findOrFail(1)
  }

  @Replica()
  @Get('/old')
  async old(): Promise<Headline> {
    return this.headlines.findOrFail(1)
  }

  @Post() async write(@Body() { text }: HeadlineText): Promise<Headline> {
    await this.headlines.update(1, { text })
    return this.headlines.findOrFail(1)
  }
}

suite('A PostgreSQL standby that applies what it gets some seconds later', () => {
  async function boot(replicaMaxLagMs: number) {
    const servers = await startStreaming(binaries!, `${DELAY_MS}ms`, async (url) => {
      await using data = await openData({ url, entities: [Headline] })
      await data.database.source.getRepository(Headline).insert({ id: 1, text: 'first' })
    })
    const { primary: url, standby } = servers
    const settings = { url, replicaUrls: [standby], replicaMaxLagMs, replicaStickyMs: STICKY_MS }
    @Module({ imports: [DataModule.with(settings)], controllers: [HeadlineController], providers: [Headlines] })
    class HeadlinesModule {}
    const app = await testApp(HeadlinesModule).boot()
    const ask = (who: string) => async (path: string, body?: object) => {
      const asked = body
        ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
        : {}
      return ((await (await app.as({ id: who }).request(`/headline${path}`, asked)).json()) as { text: string }).text
    }
    const follower = app.get(Database).replicas!.all[0]!
    return {
      app,
      follower,
      ann: ask('ann'),
      bob: ask('bob'),
      /** Until it is so, or the test has waited for too long. */
      until: async (isSo: () => Promise<boolean>) => {
        const end = Date.now() + 60_000
        while (!(await isSo())) {
          if (Date.now() > end) throw new Error('It did not come to that.')
          await sleep(50)
        }
      },
      [Symbol.asyncDispose]: async () => {
        await app.close()
        await servers[Symbol.asyncDispose]()
      },
    }
  }

  it('shows who writes what was written, and others what it has', async () => {
    await using open = await boot(600_000)
    const { ann, bob, until } = open
    expect(await ann('')).toBe('first')

    expect(await ann('', { text: 'second' })).toBe('second')
    const read = [await ann(''), await bob(''), await ann('/old'), await ann('')]

    expect(read).toEqual(['second', 'first', 'first', 'second'])
    await until(async () => (await bob('')) === 'second')
    // What ann has written is there, and her time is over: she reads from the standby like anybody else.
    await open.app.get(Database).source.query(`UPDATE headline SET text = 'third'`)
    expect([await ann(''), await bob('')]).toEqual(['second', 'second'])
  })

  it('is left out while it is too far behind, and when nothing arrives any more', async () => {
    await using open = await boot(1000)
    const { app, follower, ann, bob, until } = open
    expect(await bob('')).toBe('first')

    await ann('', { text: 'second' })
    await until(async () => (await follower.check().then(() => 'well', String)).includes('ms behind'))

    expect([await bob(''), await ann('/old')]).toEqual(['second', 'second'])
    expect(await app.get(Health).ready()).toMatchObject({ status: 'degraded' })
    await until(async () => (await follower.check().then(() => 'well', String)) === 'well')
    await follower.source.query(`ALTER SYSTEM SET primary_conninfo = ''`)
    await follower.source.query('SELECT pg_reload_conf()')
    await until(async () => (await follower.check().then(() => 'well', String)).includes('ms behind'))

    await ann('', { text: 'third' })
    expect(await bob('')).toBe('third')
  })
})
