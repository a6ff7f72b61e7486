/** What the tool starts itself as, beside the command that somebody typed. */

type FurtherProcess = (...args: readonly string[]) => Promise<void>

export const FURTHER_PROCESSES: Readonly<Record<string, () => Promise<FurtherProcess>>> = {
  '@dev': async () => (await import('./dev/run-main.ts')).runMain,
  '@serve': async () => (await import('./workers/serve.ts')).serve,
}
