/** What may go wrong while the environment is read, before any configuration class is looked at. */
import { defineError } from '../errors/define-error.ts'

export const EnvironmentNameInvalid = defineError({
  code: 'CONFIG_ENVIRONMENT_NAME_INVALID',
  status: 500,
  message: (variable: string, name: string) =>
    `${variable} is ${JSON.stringify(name)}, which cannot name an environment.`,
  help: 'Use development, test, production, or a word of letters, digits, - and _.',
})

export const EnvironmentNameMisleading = defineError({
  code: 'CONFIG_ENVIRONMENT_NAME_MISLEADING',
  status: 500,
  message: (variable: string, name: string) =>
    `${variable} is ${JSON.stringify(name)}: an environment of its own, without the hardening of production.`,
  help: 'Write production, exactly so; or choose a name that nobody takes for it.',
})

export const EnvFileUnreadable = defineError({
  code: 'CONFIG_FILE_UNREADABLE',
  status: 500,
  message: (path: string, reason: string) => `${path} is there and cannot be read (${reason}).`,
  help: 'Make it a readable text file, or remove it.',
})
