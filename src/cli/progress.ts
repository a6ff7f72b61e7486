/** How far long work is: a bar on a terminal, lines elsewhere, and nothing of it in the answer. */
import type { ProgressShare } from './command-context.ts'
import { painter, roomOf, type ToolIo } from './tool-io.ts'

const BAR = 24
const ERASE_LINE = '\r\u001B[2K'

export class Progress {
  readonly #io: ToolIo
  /** Characters in a line of the terminal; `undefined` where there is none. */
  readonly #room: number | undefined
  #isDrawn = false

  /** @param isJson - A program reads the answer: no bar. */
  constructor(io: ToolIo, isJson: boolean) {
    this.#io = io
    this.#room = isJson ? undefined : roomOf(io.errors)
  }

  /**
   * @param text - What is being done.
   * @param share - How much is done already; without one it is a line of its own.
   */
  tell(text: string, share?: ProgressShare): void {
    if (this.#room === undefined || share === undefined) {
      this.end()
      this.#io.errors.write(`${text}\n`)
      return
    }
    this.#io.errors.write(ERASE_LINE + this.#bar(text, share, this.#room))
    this.#isDrawn = true
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isDrawn) this.#io.errors.write(ERASE_LINE)
    this.#isDrawn = false
  }

  #bar(text: string, { done, total }: ProgressShare, room: number): string {
    const full = total === 0 ? BAR : Math.round((BAR * Math.min(done, total)) / total)
    const count = `${String(done).padStart(String(total).length)}/${total}`
    const paint = painter(this.#io.errors)
    const bar = `${paint('cyan', '█'.repeat(full))}${paint('dim', '░'.repeat(BAR - full))}`
    return `${bar} ${count} ${text.slice(0, Math.max(0, room - BAR - count.length - 3))}`
  }
}
