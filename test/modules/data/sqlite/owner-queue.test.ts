import { OwnerQueue } from '../../../../modules/data/sqlite/owner-queue.ts'

const ann = { name: 'ann' }
const ben = { name: 'ben' }
const cem = { name: 'cem' }

describe('OwnerQueue', () => {
  it('lets owners in one at a time, in the order they came', async () => {
    const queue = new OwnerQueue<object>(1000)
    const seen: string[] = []
    await queue.enter(ann)
    const others = [ben, cem].map(async (owner) => {
      await queue.enter(owner)
      expect(queue.owner).toBe(owner)
      seen.push(owner.name)
      queue.leave()
    })

    expect(seen).toEqual([])
    queue.leave()
    await Promise.all(others)

    expect(seen).toEqual(['ben', 'cem'])
    expect(queue.owner).toBeUndefined()
  })

  it('stays with an owner until it has left as often as it entered', async () => {
    const queue = new OwnerQueue<object>(1000)
    await queue.enter(ann)
    await queue.enter(ann)

    queue.leave()
    expect(queue.owner).toBe(ann)
    queue.leave()

    expect(queue.owner).toBeUndefined()
  })

  it('gives up on time, and the one who gave up is not let in later', async () => {
    const queue = new OwnerQueue<object>(20)
    await queue.enter(ann)

    await expect(queue.enter(ben)).rejects.toMatchObject({ code: 'DATA_SQLITE_LOCK_TIMEOUT', status: 503 })
    queue.leave()

    expect(queue.owner).toBeUndefined()
  })

  it('closes after those who came before, and refuses those who come after', async () => {
    const queue = new OwnerQueue<object>(1000)
    await queue.enter(ann)
    const waiting = queue.enter(ben)
    const closed = queue.close(cem)

    await expect(queue.enter({})).rejects.toMatchObject({ code: 'DATA_SQLITE_CLOSED' })
    await queue.enter(ann)
    queue.leave()
    queue.leave()
    await waiting
    queue.leave()
    await closed

    expect(queue.owner).toBe(cem)
  })
})
