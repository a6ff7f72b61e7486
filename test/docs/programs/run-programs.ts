/** Runs programs one after the other in a process of their own, and tells the parent what each printed. */
const console = globalThis.console
for (const file of process.argv.slice(2)) {
  const lines: string[] = []
  console.log = (...values: readonly unknown[]) => {
    lines.push(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '))
  }
  let error: string | undefined
  try {
    await import(file)
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  }
  await new Promise((resolve) => process.send?.({ file, printed: lines.join('\n'), error }, resolve))
}
process.exit(0)
