/** Where lines go. */

/** Takes whole lines, in order. */
export interface LogDestination {
  /** Whether it shows colours. */
  readonly hasColour: boolean
  /** Takes one line, without its line break. */
  write(line: string): void
  /** Passes on what it still holds, at once: no later turn will come when a process exits. */
  flushSync(): void
  /** Resolves when every line is where it belongs. Lines that come later are still taken. */
  flush(): Promise<void>
}

/** Takes lines that are finished: rendered, without secrets. */
export interface LineOutput {
  writeLine(line: string): void
}
