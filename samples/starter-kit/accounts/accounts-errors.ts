/** What may go wrong with members. */
import { defineError } from 'tenon'

export const LastAdmin = defineError({
  code: 'DESK_LAST_ADMIN',
  status: 409,
  message: () => 'You are the only admin of your organisation, and others are still in it.',
  help: 'Make somebody else an admin first, or accept with another address.',
})
