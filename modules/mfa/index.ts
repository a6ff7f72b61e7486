/** `tenon/mfa`: second factors, at login and before what matters. */
export { RequireMfa, type MfaMethod, type MfaRequirement } from 'tenon/decorators'
export { MfaMails, type FactorChange, type FactorMail } from './mails/mfa-mails.ts'
export { MfaConfig } from './mfa-config.ts'
export {
  CallerUnsuitable,
  EnrolmentRequired,
  MfaRequired,
  ProgramRefused,
  StepUpRequired,
  type MfaTicket,
  type StepUpChallenge,
} from './mfa-errors.ts'
export { MfaModule } from './mfa-module.ts'
export { Mfa } from './mfa.ts'
