/** What `tenon dev` and the processes it starts tell each other. */

/** To the process, in this order: load these packages, load the sources, run the application. */
export type DevMessage =
  /** Those of the last process; none for the first, which nobody has time to prepare. */
  | { readonly step: 'preload'; readonly packages: readonly string[] }
  | { readonly step: 'load' }
  /** `env` is added to the environment. */
  | { readonly step: 'run'; readonly env: Readonly<Record<string, string>> }

/** From the process, when the application answers, and again when its main file has run: it may have loaded more. */
export interface DevReport {
  /** Addresses of what it imported besides its own sources. */
  readonly packages: readonly string[]
  /** What to look at in a browser: the development page, else the application; `undefined` when it does not listen. */
  readonly page: string | undefined
}
