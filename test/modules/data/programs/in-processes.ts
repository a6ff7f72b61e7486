/** Runs one of the programs of this folder in several processes that begin together. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Each process says `ready`, is then told to go, and answers with its result; a minute is the limit for each. */
export async function inProcesses<R>(
  program: string,
  count: number,
  ...args: readonly string[]
): Promise<readonly R[]> {
  const file = new URL(program, import.meta.url)
  const children = Array.from({ length: count }, () =>
    fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  try {
    await Promise.all(children.map(async (child) => message(child)))
    const results = children.map(async (child) => message<R>(child))
    for (const child of children) child.send('go')
    return await Promise.all(results)
  } finally {
    for (const child of children) child.kill()
  }
}

async function message<R>(child: ChildProcess): Promise<R> {
  const signal = AbortSignal.timeout(60_000)
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The process ended with ${code} before it answered.`)
  })
  ended.catch(() => undefined)
  const [value] = (await Promise.race([once(child, 'message', { signal }), ended])) as [R]
  return value
}
