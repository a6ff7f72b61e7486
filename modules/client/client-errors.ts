/** What may go wrong with clients. */
import { defineError } from 'tenon'

export const ClientOutMissing = defineError({
  code: 'CLIENT_OUT_MISSING',
  status: 400,
  message: () => 'Watching writes the client again and again, and no file is named.',
  help: 'Add --out client.ts.',
})

export const ClientNameTaken = defineError({
  code: 'CLIENT_NAME_TAKEN',
  status: 500,
  message: (name: string, one: string, other: string) =>
    `A client cannot be written: ${name} would stand for both ${one} and ${other}.`,
  help: "Name one of them otherwise: @Doc({ operationId: '…' }) above its method, or another tag for its controller.",
})
