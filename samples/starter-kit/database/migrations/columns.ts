/** Columns as migrations write them. */
export function text(
  name: string,
  length: number,
): { readonly name: string; readonly type: string; readonly length: string } {
  return { name, type: 'varchar', length: String(length) }
}
