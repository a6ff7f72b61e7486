/** Tells whoever runs the process that an application answers, and where; nothing is paid for what nobody listens to. */
import { channel } from 'node:diagnostics_channel'

import type { Address, Application } from './application.ts'

export interface Listening {
  readonly application: Application
  readonly address: Address
}

const CHANNEL = channel('tenon.listening')

export function tellListening(listening: Listening): void {
  CHANNEL.publish(listening)
}

export function onListening(listener: (listening: Listening) => void): void {
  CHANNEL.subscribe((message) => listener(message as Listening))
}
