/** What may go wrong with comments. */
import { defineError } from 'tenon'

export const InternalNoteRefused = defineError({
  code: 'DESK_INTERNAL_NOTE_REFUSED',
  status: 403,
  message: () => 'Internal notes are written by agents, among agents.',
  help: 'Leave out isInternal.',
})
