/** What can go wrong with the audit log. */
import { defineError } from 'tenon'

export const AuditSecretTooShort = defineError({
  code: 'AUDIT_SECRET_TOO_SHORT',
  status: 500,
  message: (least: number) => `AUDIT_SECRET has fewer than ${least} characters, which can be guessed.`,
  help: 'Make one by: openssl rand -base64 48',
})

export const AuditCheckpointUnreadable = defineError({
  code: 'AUDIT_CHECKPOINT_UNREADABLE',
  status: 400,
  message: (text: string) => `"${text}" is no checkpoint of the audit log.`,
  help: 'Give it as `tenon audit checkpoint` printed it: the number of an entry, a colon, and 64 hexadecimal digits.',
})
