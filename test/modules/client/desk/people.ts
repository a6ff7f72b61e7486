/** Who takes part. */
export interface Login {
  readonly email: string
  readonly password: string
}

const PASSWORD = 'purple-Stapler-reads-7-books'

export const ADA: Login = { email: 'ada@acme.example', password: PASSWORD }
export const BEN: Login = { email: 'ben@acme.example', password: PASSWORD }
export const CAT: Login = { email: 'cat@acme.example', password: PASSWORD }
export const DAN: Login = { email: 'dan@acme.example', password: PASSWORD }
