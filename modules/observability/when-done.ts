/** Runs work and notes its end, staying synchronous where the work is. */

/** @param done - Called once: with what was thrown, if anything was. */
export function whenDone<T>(work: () => T, done: (failure?: { readonly error: unknown }) => void): T {
  let result: T
  try {
    result = work()
  } catch (error) {
    done({ error })
    throw error
  }
  if (!isPromise(result)) {
    done()
    return result
  }
  return Promise.resolve(result).then(
    (value) => {
      done()
      return value
    },
    (error: unknown) => {
      done({ error })
      throw error
    },
  ) as T
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
