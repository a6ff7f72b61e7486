/** What may go wrong with contracts. */
import { defineError } from 'tenon'

export const ContractMissing = defineError({
  code: 'CONTRACT_MISSING',
  status: 404,
  message: (folder: string) => `There is no contract in ${folder} to compare with.`,
  help: 'Run tenon contract snapshot, and commit what it writes.',
})

export const ContractUnreadable = defineError({
  code: 'CONTRACT_UNREADABLE',
  status: 400,
  message: (file: string) => `${file} is not a contract.`,
  help: 'Take it from the repository again, or run tenon contract snapshot.',
})

export const ContractKeyMissing = defineError({
  code: 'CONTRACT_KEY_MISSING',
  status: 400,
  message: () => 'Waivers are signed, and there is no key to sign or to verify them with.',
  help: 'Set CONTRACT_KEY to a secret of at least 16 characters, here and where the contract is checked.',
})

export const ContractChangeUnknown = defineError({
  code: 'CONTRACT_CHANGE_UNKNOWN',
  status: 404,
  message: (id: string) => `There is no breaking change "${id}".`,
  help: 'Run tenon contract diff: each change begins with its id.',
})

export const ContractWaiverInvalid = defineError({
  code: 'CONTRACT_WAIVER_INVALID',
  status: 400,
  message: (what: string) =>
    `A waiver needs a reason of at least 10 characters and a day at most 180 days ahead: ${what}.`,
  help: 'Write --reason "why nobody is hurt" and --until 2027-01-31.',
})

export const ContractOperationUnknown = defineError({
  code: 'CONTRACT_OPERATION_UNKNOWN',
  status: 404,
  message: (operation: string) => `There is no operation "${operation}" to leave out.`,
  help: 'Write it as the document has it: "DELETE /tickets/{id}".',
})

export const ContractPackageMissing = defineError({
  code: 'CONTRACT_PACKAGE_MISSING',
  status: 500,
  message: (name: string) => `Trying out the contract needs the package ${name}, which is not installed.`,
  help: 'Run npm install --save-dev ajv@^8.20.0 ajv-formats@^3.0.1.',
})
