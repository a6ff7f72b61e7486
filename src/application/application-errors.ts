/** What may go wrong with a running application. */
import { defineError } from '../errors/define-error.ts'

export const ApplicationClosed = defineError({
  code: 'APP_CLOSED',
  status: 500,
  message: () => 'The application was told to close, so it does not begin to serve any more.',
  help: 'Make another one with createApp().',
})
