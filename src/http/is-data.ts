/**
 * Whether a result is a bare object or list: nothing but data, which most answers are. Asking a value whether it is one
 * of the classes that are answered in their own way takes longer than this.
 */
export function isData(result: unknown): boolean {
  if (typeof result !== 'object' || result === null) return false
  const prototype: unknown = Object.getPrototypeOf(result)
  return prototype === Object.prototype || prototype === Array.prototype
}
