/** Whether this runtime lets programs make functions out of text (`--disallow-code-generation-from-strings` does not). */
export function canGenerateCode(): boolean {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- The question is whether it throws.
    return new Function('return true')() === true
  } catch {
    return false
  }
}
