/** What may go wrong with clients. */
import { defineError } from 'tenon'

export const ClientOutMissing = defineError({
  code: 'CLIENT_OUT_MISSING',
  status: 400,
  message: () => 'Watching writes the client again and again, and no file is named.',
  help: 'Add --out client.ts.',
})
