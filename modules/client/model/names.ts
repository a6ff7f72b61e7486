/** Names in clients, out of those in documents. */

/** `If-Match` → `ifMatch`, `Service accounts` → `serviceAccounts`, `API keys` → `apiKeys` */
export function camelCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const joined = words
    .map((word, index) => (index === 0 ? begun(word) : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  return /^\p{L}/u.test(joined) ? joined : `_${joined}`
}

/** An abbreviation is one word: `API` → `api`. */
function begun(word: string): string {
  return /^\p{Lu}{2,}$/u.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1)
}

export function pascalCase(name: string): string {
  const camel = camelCase(name)
  return camel.charAt(0).toUpperCase() + camel.slice(1)
}

/** The name, with a number behind it where it is taken. */
export function uniqueName(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free); number += 1) free = `${name}${number}`
  taken.add(free)
  return free
}
