/** What can be wrong with what was typed, and with what it was typed for. */
import { defineError } from '../errors/define-error.ts'
import { nearestName } from '../config/nearest-name.ts'

export const CommandUnknown = defineError({
  code: 'CLI_COMMAND_UNKNOWN',
  status: 404,
  message: (name: string, known: readonly string[]) => {
    const near = nearestName(name, known)
    return `There is no command "${name}".${near === undefined ? '' : ` Did you mean ${near}?`}`
  },
  help: 'Run tenon help for the list of commands.',
})

export const CliUsageInvalid = defineError({
  code: 'CLI_USAGE_INVALID',
  status: 400,
  message: (command: string, what: string) => `tenon ${command}: ${what}`,
  help: 'Add --help to the command for its arguments, options and examples.',
})

export const CliOptionInvalid = defineError({
  code: 'CLI_OPTION_INVALID',
  status: 400,
  message: (command: string, option: string, given: string, expected: string) =>
    `tenon ${command}: --${option} is ${JSON.stringify(given)}, and should be ${expected}.`,
  help: 'Correct the value; --help lists what each option takes.',
})

export const CliQuestionUnknown = defineError({
  code: 'CLI_QUESTION_UNKNOWN',
  status: 404,
  message: (asked: string, kind: string, near: string) =>
    `Nothing here is called "${asked}": no ${kind}.${near === '' ? '' : ` Did you mean ${near}?`}`,
  help: 'tenon routes lists endpoints, tenon graph --format json providers, tenon config settings.',
})

export const CliAppNotFound = defineError({
  code: 'CLI_APP_NOT_FOUND',
  status: 404,
  message: (folder: string, looked: string) => `There is no application in ${folder}; looked for ${looked}.`,
  help: 'Build it, say where it is in package.json ("tenon": { "app": "dist/app-module.js" }), or add --app <file>.',
})

export const CliAppUnreadable = defineError({
  code: 'CLI_APP_UNREADABLE',
  status: 500,
  message: (file: string, reason: string) => `${file} does not load: ${reason}`,
  help: 'Repair what it names; for a missing package run npm install, for a missing file tenon build.',
})

export const CliAppWithoutModule = defineError({
  code: 'CLI_APP_WITHOUT_MODULE',
  status: 500,
  message: (file: string, found: string) => `${file} exports no root module: ${found}.`,
  help: 'Export the class with @Module() that createApp() is given, alone, as AppModule or as default.',
})

export const CliImportCycle = defineError({
  code: 'CLI_IMPORT_CYCLE',
  status: 500,
  message: (name: string, cycle: string) =>
    `${name} was used before its file had run, because files import each other in a circle: ${cycle}`,
  help: 'Cut one import of the circle: inject(X) in a field with `import type`, an abstract class as token, or a file of its own for what both need.',
})

export const CliPackageMissing = defineError({
  code: 'CLI_PACKAGE_MISSING',
  status: 500,
  message: (feature: string, name: string, version: string) =>
    `${feature} needs the package ${name}: npm install --save-dev ${name}@${version}`,
  help: 'Install it, and run the command again.',
})

export const CliBuildFailed = defineError({
  code: 'CLI_BUILD_FAILED',
  status: 500,
  message: (reason: string) => `The project does not compile: ${reason}`,
  help: 'Repair what the compiler lists above.',
})

export const CliSandboxMissing = defineError({
  code: 'CLI_SANDBOX_MISSING',
  status: 400,
  message: () => 'No module of this application can take back what the console would do.',
  help: 'Import a module that provides a Sandbox, as DataModule does, or run the console without --sandbox.',
})
