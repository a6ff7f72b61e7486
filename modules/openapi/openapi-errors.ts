/** What may go wrong with documents. */
import { defineDiagnostic, defineError } from 'tenon'

export const AnswerUnknown = defineDiagnostic({
  code: 'OPENAPI_ANSWER_UNKNOWN',
  severity: 'warning',
  message: (handler: string, route: string) =>
    `${handler} does not say what it answers, so the document of ${route} and its clients cannot either.`,
  help: 'Write @Returns(Model) above the method, @HttpCode(204) where it answers nothing, or @Doc({ hidden: true }).',
})

export const VersionUnknown = defineError({
  code: 'OPENAPI_VERSION_UNKNOWN',
  status: 404,
  message: (version: string, known: readonly string[]) =>
    `There is no document of the version "${version}"; there is: ${known.join(', ') || 'one without a version'}.`,
  help: 'Ask for one of these versions, or for none.',
})

export const PageMissing = defineError({
  code: 'OPENAPI_PAGE_MISSING',
  status: 500,
  message: (file: string) => `The file of the documentation page is not there: ${file}.`,
  help: 'Install the package again; in its repository, run npm run build.',
})
