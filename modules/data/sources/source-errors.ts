/** What is wrong with the names of sources. */
import { defineError } from 'tenon'

export const SourceUnknown = defineError({
  code: 'DATA_SOURCE_UNKNOWN',
  status: 500,
  message: (name: string, similar: string | undefined, names: readonly string[]) =>
    `There is no data source ${name}${similar === undefined ? '' : `; did you mean ${similar}?`} Known: ${names.join(', ')}.`,
  help: 'Correct the name, or add it to DataModule.with({ sources }) or as a variable DATABASE_URL_<NAME>.',
})

export const SourceWithoutUrl = defineError({
  code: 'DATA_SOURCE_URL_MISSING',
  status: 500,
  message: (name: string, variable: string) => `The data source ${name} has no URL: ${variable} is not set.`,
  help: 'Set the variable, or give the url in DataModule.with({ sources }).',
})
