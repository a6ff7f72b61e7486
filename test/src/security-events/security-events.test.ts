import { Controller, Module, Post, securityEvents, tryCtx, type SecurityEvent } from 'tenon'
import { testApp } from 'tenon/testing'

const AT = Date.UTC(2026, 0, 1)

@Controller('/door')
class DoorController {
  @Post()
  open(): void {
    securityEvents.publish({ type: 'door.open', outcome: 'refused', reason: 'locked', at: AT })
  }
}

@Module({ controllers: [DoorController] })
class DoorModule {}

/** Those of one type, heard until the test is over. */
function listen(type: string): SecurityEvent[] & Disposable {
  const heard: SecurityEvent[] = []
  const stop = securityEvents.subscribe((event) => void (event.type === type && heard.push(event)))
  return Object.assign(heard, { [Symbol.dispose]: stop })
}

describe('Security events', () => {
  it('reach listeners with the caller and the tenant of the call they happen in', async () => {
    using heard = listen('door.open')
    await using app = await testApp(DoorModule).boot()

    await app.as({ id: 'ada', tenant: 'acme' }).request('/door', { method: 'POST' })

    expect([...heard]).toEqual([
      { type: 'door.open', outcome: 'refused', reason: 'locked', at: AT, principalId: 'ada', tenant: 'acme' },
    ])
  })

  it('keep the principal and the tenant they name themselves', () => {
    using heard = listen('door.named')

    securityEvents.publish({ type: 'door.named', outcome: 'allowed', principalId: 'bob', tenant: 'initech', at: AT })

    expect(heard[0]).toMatchObject({ principalId: 'bob', tenant: 'initech' })
    expect(tryCtx()).toBeUndefined()
  })

  it('are not heard any more by those who have left', () => {
    const heard = listen('door.left')
    heard[Symbol.dispose]()

    securityEvents.publish({ type: 'door.left', outcome: 'allowed', at: AT })

    expect([...heard]).toEqual([])
  })

  it('go on when a listener throws, which becomes a warning', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const stop = securityEvents.subscribe(({ type }) => {
      if (type === 'door.broken') throw new Error('no disk')
    })
    using heard = listen('door.broken')

    securityEvents.publish({ type: 'door.broken', outcome: 'allowed', at: AT })
    stop()

    expect(heard).toHaveLength(1)
    expect((await warned).message).toContain('no disk')
  })
})
