/** `tenon/audit`: what mattered to security, in a log that shows when it was touched. */
export { AuditConfig } from './audit-config.ts'
export { AuditCheckpointUnreadable, AuditSecretTooShort } from './audit-errors.ts'
export { AuditEntry } from './audit-entry.ts'
export { AuditLog } from './audit-log.ts'
export { AuditModule } from './audit-module.ts'
export { AuditVerifier, type AuditFault, type AuditVerification } from './audit-verifier.ts'
