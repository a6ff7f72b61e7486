/** What may go wrong with demo data. */
import { defineError } from 'tenon'

export const SeedInProduction = defineError({
  code: 'DESK_SEED_IN_PRODUCTION',
  status: 500,
  message: () => 'DESK_SEED is on in production: it would make accounts whose password stands in the source.',
  help: 'Unset DESK_SEED, and sign up through POST /api/auth/sign-up.',
})
