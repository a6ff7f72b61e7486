/** What the check finds wrong with second factors. */
import { defineDiagnostic } from 'tenon'

export const MfaOfNobody = defineDiagnostic({
  code: 'MFA_OF_NOBODY',
  message: (endpoint: string) => `${endpoint} is @Public and wants a second factor, of callers whom nobody knows.`,
  help: 'Remove @RequireMfa, or replace @Public with who may call.',
})

export const MfaAgeUnreadable = defineDiagnostic({
  code: 'MFA_AGE_UNREADABLE',
  message: (endpoint: string, age: string) => `@RequireMfa of ${endpoint} has a maxAge that is no duration: ${age}.`,
  help: "Write a number with its unit: maxAge: '5m'; units are ms, s, m, h and d.",
})
