/** Something that is another one for each tenant, as one object: each use is one of what is current then. */
export function following<T extends object>(current: () => T): T {
  return new Proxy({} as T, {
    get: (_none, name) => {
      const target = current()
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
