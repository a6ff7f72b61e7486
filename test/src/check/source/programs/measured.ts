/** Two branches, of which one is taken. */
export function measured(isTaken: boolean): string {
  if (isTaken) return 'taken'
  return 'left out'
}
