/** Where the tool reads and writes; tests hand in their own. */
import type { Readable, Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

export interface ToolIo {
  readonly input: Readable
  readonly output: Writable
  /** Progress and errors, so that the output stays clean for pipes. */
  readonly errors: Writable
  /** The folder the tool was called in. */
  readonly cwd: string
  /** Makes a folder the working directory: relative paths of the application count from its project. */
  enter(folder: string): void
  /** Whether somebody sits there to answer questions. */
  readonly isInteractive: boolean
}

export function processIo(): ToolIo {
  const { stdin, stdout, stderr } = process
  return {
    input: stdin,
    output: stdout,
    errors: stderr,
    cwd: process.cwd(),
    enter: (folder) => process.chdir(folder),
    isInteractive: stdin.isTTY && stdout.isTTY,
  }
}

export type Style = Parameters<typeof styleText>[0]

export type Paint = (style: Style, text: string) => string

/** Colours for a stream: none unless it is a terminal, and none under `NO_COLOR`. */
export function painter(stream: Writable): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true })
}

/** Characters in a line of a terminal; `undefined` for everything else, where nothing is cut. */
export function roomOf(stream: Writable): number | undefined {
  const { isTTY = false, columns } = stream as Partial<WriteStream>
  return isTTY ? columns : undefined
}
