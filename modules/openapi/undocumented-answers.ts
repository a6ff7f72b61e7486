/** Routes whose answer nobody declares: their documents would say nothing. */
import { describeRoute, type CheckRule } from 'tenon'

import { isHidden } from './document/build-document.ts'
import { isAnswerKnown } from './document/responses.ts'
import { AnswerUnknown } from './openapi-errors.ts'

export const undocumentedAnswers: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint) => {
    const route = describeRoute(endpoint)
    if (!route || isHidden(endpoint) || isAnswerKnown(endpoint, route)) return []
    const { name, at } = endpoint
    return [AnswerUnknown({ at, path: [name] }, name, `${endpoint.route?.method} ${endpoint.route?.path}`)]
  })
