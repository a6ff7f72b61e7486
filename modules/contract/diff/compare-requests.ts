/** What callers send: parameters and bodies. */
import type { Parameter } from 'tenon/openapi'

import type { OperationPair } from './compare-contracts.ts'
import { compareSchemas } from './compare-schemas.ts'

export function compareRequests(pair: OperationPair): void {
  compareParameters(pair)
  compareBodies(pair)
}

/** Names of headers have no case. */
function nameOf({ in: place, name }: Parameter): string {
  return place === 'header' ? name.toLowerCase() : name
}

function compareParameters({ key, documents, before, after, report }: OperationPair): void {
  const old = new Map((before.parameters ?? []).map((each) => [`${each.in}.${nameOf(each)}`, each]))
  const now = new Map((after.parameters ?? []).map((each) => [`${each.in}.${nameOf(each)}`, each]))
  const gone = [...old].filter(([where, { in: place }]) => !now.has(where) && place !== 'path')
  const matched = new Set<string>()
  for (const [where, parameter] of now) {
    const known = old.get(where)
    if (known) {
      if (!known.required && parameter.required)
        report.other('parameter-became-required', where, `${where} is required now`)
      if (known.required && !parameter.required)
        report.other('parameter-became-optional', where, `${where} may be left out now`)
      report.schema('request', where, compareSchemas(documents, [known.schema, parameter.schema]))
      continue
    }
    const moved = gone.find(([, each]) => nameOf(each) === nameOf(parameter))
    if (moved) {
      matched.add(moved[0])
      report.other('parameter-moved', where, `${moved[0]} is ${where} now`)
    } else if (parameter.in === 'path') continue // The path itself tells.
    else if (parameter.required) report.other('required-parameter-added', where, `${where} is required now`)
    else report.other('parameter-added', where, `${where} may be sent now`)
  }
  for (const [where] of gone) if (!matched.has(where)) report.other('parameter-removed', where, `${where} is gone`)
  comparePathParameters(key, { documents, before, after, report })
}

/** By position: what they are called is nothing to the wire. */
function comparePathParameters(key: string, pair: Omit<OperationPair, 'key'>): void {
  const { documents, before, after, report } = pair
  const [old, now] = [before, after].map(({ parameters = [] }) => parameters.filter((each) => each.in === 'path'))
  now!.forEach((parameter, index) => {
    const known = old![index]
    if (!known || known.name === parameter.name) return
    report.schema('request', `path.${parameter.name}`, compareSchemas(documents, [known.schema, parameter.schema]))
  })
}

function compareBodies({
  documents,
  before: { requestBody: before },
  after: { requestBody: after },
  report,
}: OperationPair): void {
  if (!before && !after) return
  if (!before) {
    if (after!.required) report.other('required-body-added', 'body', 'a body is required now')
    else report.other('body-added', 'body', 'a body may be sent now')
    return
  }
  if (!after) return report.other('body-removed', 'body', 'no body is read any more')
  if (!before.required && after.required) report.other('body-became-required', 'body', 'the body is required now')
  if (before.required && !after.required) report.other('body-became-optional', 'body', 'the body may be left out now')
  for (const type of Object.keys(after.content)) {
    if (!(type in before.content)) report.other('request-media-type-added', 'body', `the body may be ${type} now`)
  }
  let isCompared = false
  for (const [type, { schema }] of Object.entries(before.content)) {
    const now = after.content[type]
    if (!now) report.other('request-media-type-removed', 'body', `the body may not be ${type} any more`)
    // The same model stands under each media type.
    else if (!isCompared) {
      isCompared = true
      report.schema('request', 'body', compareSchemas(documents, [schema, now.schema]))
    }
  }
}
