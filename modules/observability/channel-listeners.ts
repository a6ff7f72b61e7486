/** A table of listeners to channels of `node:diagnostics_channel`, which listen and stop together. */
import { channel } from 'node:diagnostics_channel'

type Listener = (message: never) => void

export class ChannelListeners {
  readonly #listeners: Readonly<Record<string, Listener>>

  /** @param listeners - By the names of their channels; those of a tracing channel are `tracing:<name>:start` and so on. */
  constructor(listeners: Readonly<Record<string, Listener>>) {
    this.#listeners = listeners
  }

  listen(): void {
    for (const [name, listener] of Object.entries(this.#listeners)) channel(name).subscribe(listener as () => void)
  }

  /** Nothing happens to those that do not listen. */
  stop(): void {
    for (const [name, listener] of Object.entries(this.#listeners)) channel(name).unsubscribe(listener as () => void)
  }
}
