/** Continues with a value or with what a promise brings, staying synchronous as long as everything is. */
export function after<T, R>(value: T | PromiseLike<T>, go: (value: T) => R | PromiseLike<R>): R | Promise<R> {
  return isPromise<T>(value) ? Promise.resolve(value).then(go) : (go(value) as R)
}

export function isPromise<T = unknown>(value: unknown): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
