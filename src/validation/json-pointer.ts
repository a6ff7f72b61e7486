/** JSON pointers (RFC 6901), built one step at a time. */

/** The pointer of a member of what `parent` points to. */
export function pointerTo(parent: string, member: PropertyKey): string {
  const name = String(member)
  // RFC 6901 §3: `~` first, or the escapes of `/` would be escaped again.
  return `${parent}/${/[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name}`
}
