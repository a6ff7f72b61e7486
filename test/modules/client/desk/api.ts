/** In the place of the client, which the tests write and the compiler checks there: here all of it is of any type. */
export type Client = any
export declare function createClient(
  options?: { readonly fetch?: typeof fetch } & Readonly<Record<string, unknown>>,
): Client
