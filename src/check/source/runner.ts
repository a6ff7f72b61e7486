/** How the program was started, where that decides what its decorators can know. */

const RUNNERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['tsx', /(?:^|[\\/])tsx(?:[\\/]|$)/],
  ['esbuild-register', /esbuild-register/],
  ["Node's type stripping", /--experimental-(?:strip|transform)-types/],
]

/** The runner of TypeScript that drops what `emitDecoratorMetadata` asks for; `undefined` under all others. */
export function runnerWithoutMetadata(execArgv: readonly string[] = process.execArgv): string | undefined {
  return RUNNERS.find(([, pattern]) => execArgv.some((argument) => pattern.test(argument)))?.[0]
}
