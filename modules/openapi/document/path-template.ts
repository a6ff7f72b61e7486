/** From the paths of routes to those of documents: `/files/:id/*` → `/files/{id}/{rest}`. */

/** What documents call the `*` that ends a path: OpenAPI 3.1 has no parameter that spans several segments. */
export const REST = 'rest'

export function templateOf(path: string): string {
  return path
    .replaceAll(/::|:(\w+)/g, (whole, name: string | undefined) => (name === undefined ? ':' : `{${name}}`))
    .replace(/\*$/, `{${REST}}`)
}
