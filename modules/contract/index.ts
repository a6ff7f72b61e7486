/** `tenon/contract`: what callers may rely on, written down, compared and tried out. */
export { ContractConfig } from './contract-config.ts'
export {
  ContractChangeUnknown,
  ContractKeyMissing,
  ContractMissing,
  ContractOperationUnknown,
  ContractPackageMissing,
  ContractUnreadable,
  ContractWaiverInvalid,
} from './contract-errors.ts'
export { ContractGuard } from './contract-guard.ts'
export { ContractModule } from './contract-module.ts'
export { CHANGE_KINDS, type ChangeKind, type Severity } from './diff/change-kinds.ts'
export type { Change } from './diff/change.ts'
export { fuzz, type Finding, type FuzzOptions, type FuzzReport } from './fuzz/fuzz.ts'
export type { FindingKind } from './fuzz/judge-answer.ts'
export type { JudgedChange } from './judge-changes.ts'
export { printChangelog } from './print-changes.ts'
export type { Contract, OperationFacts } from './snapshot/contract.ts'
