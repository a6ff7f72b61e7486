/** What a selection cannot be made of. */
import { defineError } from 'tenon'

export const SelectionInvalid = defineError({
  code: 'DATA_SELECTION_INVALID',
  status: 500,
  message: (call: string, name: string, reason: string) => `${call}: "${name}" ${reason}.`,
  help: 'Name properties of the entity, and of those that are joined, as the compiler offers them.',
})
