/** The client as one file of TypeScript without dependencies. */
import type { OpenApiDocument } from 'tenon/openapi'

import type { ClientGroup, ClientOperation, ClientOutput } from '../model/client-model.ts'
import { allGroups } from '../model/group-tree.ts'
import { readDocument } from '../model/read-document.ts'
import { render } from '../render.ts'
import { modelName, printComment, printProperty, printType } from './print-type.ts'
import { shrink } from './shrink-schema.ts'

/** The same document always gives the same file. */
export async function printTypeScript(document: OpenApiDocument): Promise<string> {
  const { title, version, models, groups } = readDocument(document)
  return render('typescript/client', {
    title: title.replaceAll('*/', ''),
    version,
    versionText: JSON.stringify(version),
    models: models.map(({ name, schema }) => ({
      comment: printComment([schema['description'] as string | undefined], ''),
      name: modelName(name),
      type: printType(schema),
    })),
    operations: allGroups(groups).flatMap(({ operations }) => operations.map((each) => describe(each))),
    groups: groups.map((group) => describeGroup(group)),
    schemas: table(models.map(({ name, schema }) => [name, shrink(schema)])),
  })
}

interface DescribedGroup {
  readonly name: string
  readonly indent: string
  readonly comment: string
  readonly operations: readonly ReturnType<typeof describe>[]
  readonly groups: readonly DescribedGroup[]
}

function describeGroup({ name, description, operations, groups }: ClientGroup, indent = '  '): DescribedGroup {
  const within = `${indent}  `
  return {
    name,
    indent,
    comment: printComment([description], indent),
    operations: operations.map((each) => describe(each, within)),
    groups: groups.map((each) => describeGroup(each, within)),
  }
}

function describe(operation: ClientOperation, indent = '') {
  const { name, typeName, method, path, summary, description, isDeprecated, problems, inputs, body } = operation
  const isEmpty = inputs.length === 0 && !body
  return {
    name,
    typeName,
    comment: printComment(
      [`${summary}. \`${method} ${path}\``, description, isDeprecated ? '@deprecated' : undefined],
      indent,
    ),
    input: isEmpty ? '{}' : `${typeName}Input`,
    inputType: isEmpty ? undefined : printInput(operation),
    problem: problems.length === 0 ? 'Unexpected' : `${typeName}Problem`,
    problems: problems.map(({ code, status, when, isPassing, members }) => ({
      comment: printComment([when], '  '),
      type: `${isPassing ? 'PassingProblemOf' : 'ProblemOf'}<${JSON.stringify(code)}, ${status}>${members ? ` & ${printType(members, '  ')}` : ''}`,
    })),
    type: operationType(operation, isEmpty ? '{}' : `${typeName}Input`),
    entry: JSON.stringify(entryOf(operation)),
  }
}

function printInput({ inputs, body }: ClientOperation): string {
  const lines = inputs.map(({ name, schema, isRequired, description }) =>
    printProperty(name, schema, { isRequired, indent: '  ', description }),
  )
  if (body) {
    const isRaw = body.form === 'bytes'
    const type = isRaw
      ? 'Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | string'
      : undefined
    const { isRequired } = body
    const mark = isRequired ? ':' : '?:'
    lines.push(
      type === undefined
        ? printProperty('body', body.form === 'text' ? { type: 'string' } : body.schema, { isRequired, indent: '  ' })
        : `  readonly body${mark} ${type}${isRequired ? '' : ' | undefined'}`,
    )
  }
  return `{\n${lines.join('\n')}\n}`
}

function operationType({ outputs, problems, typeName, paging }: ClientOperation, input: string): string {
  const problem = problems.length === 0 ? 'Unexpected' : `${typeName}Problem`
  const events = outputs.find(({ kind }) => kind === 'events')
  if (events) return `StreamOperation<${input}, ${events.schema ? printType(events.schema, '    ') : 'string'}>`
  const output = [...new Set(outputs.map(printOutput))].join(' | ') || 'unknown'
  if (paging) return `PagedOperation<${input}, ${output}, ${printType(paging.item, '    ')}, ${problem}>`
  return `Operation<${input}, ${output}, ${problem}>`
}

function printOutput({ kind, schema, status }: ClientOutput): string {
  if (kind === 'nothing') return 'void'
  if (kind === 'text') return 'string'
  if (kind === 'bytes' || status >= 300) return 'Download'
  return schema ? printType(schema, '    ') : 'unknown'
}

/** What the run time knows of an operation. */
function entryOf(operation: ClientOperation): object {
  const { method, path, inputs, body, outputs, problems, isProtected, version, idempotencyHeader, paging } = operation
  return {
    method,
    path,
    ...(inputs.length > 0
      ? {
          inputs: inputs.map(({ name, place, wireName, isRequired, schema }) => ({
            name,
            place,
            wireName,
            ...(isRequired ? { isRequired } : {}),
            schema: shrink(schema),
          })),
        }
      : {}),
    ...(body ? { body: { form: body.form, isRequired: body.isRequired, schema: shrink(body.schema) } } : {}),
    outputs: Object.fromEntries(
      outputs.map(({ status, kind, schema }) => [
        status,
        { kind: status >= 300 ? 'bytes' : kind, ...(schema ? { schema: shrink(schema) } : {}) },
      ]),
    ),
    problems: problems.map(({ code }) => code),
    ...acceptOf(outputs),
    ...(isProtected ? { isProtected } : {}),
    ...(version === undefined ? {} : { version }),
    ...(idempotencyHeader === undefined ? {} : { idempotencyHeader }),
    ...(paging ? { paging: { kind: paging.kind, input: paging.input } } : {}),
  }
}

const PROBLEM_TYPE = 'application/problem+json'

/** What is asked for where it is not plain JSON; a file has the type that it has. */
function acceptOf(outputs: readonly ClientOutput[]): { readonly accept?: string } {
  const types = [...new Set(outputs.flatMap(({ mediaType }) => mediaType ?? []))]
  if (types.length === 0 || (types.length === 1 && types[0] === 'application/json')) return {}
  const isAny = outputs.some(({ kind, status }) => kind === 'bytes' || status >= 300)
  return { accept: isAny ? '*/*' : [...types, PROBLEM_TYPE].join(', ') }
}

function table(entries: readonly (readonly [string, unknown])[]): string {
  return entries.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`).join('\n')
}
