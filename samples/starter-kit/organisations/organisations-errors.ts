/** What may go wrong with organisations. */
import { defineError } from 'tenon'

export const OrganisationNameTaken = defineError({
  code: 'DESK_ORGANISATION_NAME_TAKEN',
  status: 409,
  message: (name: string) => `There is an organisation called "${name}" already.`,
  help: 'Choose another name, or ask an admin of that organisation for an account.',
})

export const OrganisationNameUnusable = defineError({
  code: 'DESK_ORGANISATION_NAME_UNUSABLE',
  status: 422,
  message: (name: string) => `"${name}" has no letter from a to z and no digit to make an id of.`,
  help: 'Add some, for instance a transcription.',
})
