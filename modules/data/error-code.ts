/** The `code` by which Node and database drivers tell their errors apart; `undefined` where there is none. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
