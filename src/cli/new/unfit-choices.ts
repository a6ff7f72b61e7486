/** Choices that do not go together: why, and what to choose instead. */
import type { Answers } from './choices.ts'

export interface Unfit {
  /** `--tenancy schema` */
  readonly choice: string
  readonly why: string
  readonly instead: string
}

interface Rule extends Omit<Unfit, 'choice'> {
  readonly option: keyof Answers
  readonly isBroken: (answers: Answers) => boolean
}

const RULES: readonly Rule[] = [
  {
    option: 'database',
    isBroken: ({ template, database }) => template === 'hello' && database !== 'sqlite',
    why: 'the template hello has no database',
    instead: 'Leave it out, or choose --template api',
  },
  {
    option: 'auth',
    isBroken: ({ template, auth }) => template === 'hello' && auth !== 'none',
    why: 'the template hello has one route, for everybody',
    instead: 'Leave it out, or choose --template api',
  },
  {
    option: 'tenancy',
    isBroken: ({ template, tenancy }) => template === 'hello' && tenancy !== 'none',
    why: 'the template hello has no data to keep apart',
    instead: 'Leave it out, or choose --template api',
  },
  {
    option: 'auth',
    isBroken: ({ template, auth }) => template === 'enterprise' && auth !== 'accounts',
    why: 'the starter kit is about people with accounts; programs have API keys there',
    instead: 'Leave it out, or choose --template api',
  },
  {
    option: 'tenancy',
    isBroken: ({ template, tenancy }) => template === 'enterprise' && tenancy !== 'column',
    why: 'tickets of the starter kit point at people, who stand in one table for all organisations',
    instead: 'Leave it out, or choose --template api',
  },
  {
    option: 'tenancy',
    isBroken: ({ auth, tenancy }) => auth === 'none' && tenancy !== 'none',
    why: 'where nobody is known, everybody may say they are of any tenant',
    instead: 'Add --auth accounts or --auth tokens',
  },
  {
    option: 'tenancy',
    isBroken: ({ database, tenancy }) => tenancy === 'schema' && database !== 'postgres',
    why: 'schemas for tenants are those of PostgreSQL',
    instead: 'Add --database postgres, or choose --tenancy column or --tenancy database',
  },
]

/** The first that is broken. */
export function unfitChoice(answers: Answers): Unfit | undefined {
  const broken = RULES.find(({ isBroken }) => isBroken(answers))
  return broken && { choice: `--${broken.option} ${answers[broken.option]}`, why: broken.why, instead: broken.instead }
}
