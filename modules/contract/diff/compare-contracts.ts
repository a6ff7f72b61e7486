/** Every difference between two contracts of one version of the API. */
import { createHash } from 'node:crypto'

import {
  isVersionParameter,
  operationsOf,
  type ListedOperation,
  type OpenApiDocument,
  type Operation,
  type PathItem,
} from 'tenon/openapi'

import type { Contract } from '../snapshot/contract.ts'
import { CHANGE_KINDS, type ChangeKind, type OtherChange, type Side } from './change-kinds.ts'
import type { Change } from './change.ts'
import { compareAccess } from './compare-access.ts'
import { compareAnswers } from './compare-answers.ts'
import { compareRequests } from './compare-requests.ts'
import type { SchemaFinding } from './compare-schemas.ts'
import { fixOf } from './fixes.ts'

/** Where something is written in the program of today. */
export interface Places {
  ofOperation(operation: string): string | undefined
  ofModel(model: string, property: string | undefined, operation: string): string | undefined
}

/** One operation before and after, and who is told. */
export interface OperationPair {
  readonly key: string
  readonly documents: readonly [OpenApiDocument, OpenApiDocument]
  readonly before: Operation
  readonly after: Operation
  readonly report: Report
}

export interface Report {
  other(kind: OtherChange, where: string, text: string): void
  schema(side: Side, where: string, findings: readonly SchemaFinding[]): void
}

/** @param places - Of the later contract. */
export function compareContracts(before: Contract, after: Contract, places: Places): readonly Change[] {
  const changes = new Map<string, Change>()
  const { version } = after
  const old = operationsOf(before.document)
  const now = operationsOf(after.document)

  const add = (kind: ChangeKind, key: string, where: string, text: string, at?: string): void => {
    const severity = CHANGE_KINDS.get(kind)!
    const id = createHash('sha256')
      .update(JSON.stringify([kind, version, key, where, text]))
      .digest('hex')
      .slice(0, 10)
    const handler = (after.operations[key] ?? before.operations[key])?.handler ?? ''
    const fix = severity === 'safe' ? undefined : fixOf(kind, { handler, version: version ?? before.version })
    const affects = affectedBy(kind, key, where)
    changes.set(id, {
      id,
      kind,
      severity,
      version,
      operation: key,
      where,
      text,
      fix,
      affects,
      at: at ?? places.ofOperation(key),
    })
  }
  const reportFor = (key: string): Report => ({
    other: (kind, where, text) => add(kind, key, where, text),
    schema: (side, where, findings) => {
      for (const { change, path, text, model, property } of findings) {
        const at = [where, ...path].join('.')
        const place = model === undefined ? undefined : places.ofModel(model, property, key)
        add(`${side}-${change}`, key, at, `${at} ${text}`, place)
      }
    },
  })

  for (const { from, to } of paired(old, now)) {
    if (!to) {
      const isDeprecated = from!.operation.deprecated === true
      const said = isDeprecated ? 'was deprecated and is gone' : 'is gone'
      add(isDeprecated ? 'deprecated-operation-removed' : 'operation-removed', from!.key, '', said)
    } else if (!from) add('operation-added', to.key, '', 'is there now')
    else {
      const report = reportFor(to.key)
      comparePlaces(from, to, report)
      const pair = {
        key: to.key,
        documents: [before.document, after.document] as const,
        before: from.operation,
        after: to.operation,
        report,
      }
      compareRequests(pair)
      compareAnswers(pair)
      compareAccess(pair, before.operations[from.key]?.access ?? [], after.operations[to.key]?.access ?? [])
    }
  }
  return [...changes.values()].toSorted(bySeverity)
}

/** As if there were one version only: it stands neither in the paths, `/v1/tickets`, nor in a parameter. */
export function withoutVersion(contract: Contract): Contract {
  const { version = '', operations, document } = contract
  const bare = (key: string): string => {
    const [, first = '', rest = ''] = /^[A-Z]* ?\/([^/]*)(\/.*)?$/.exec(key) ?? []
    return first.endsWith(version) ? key.replace(`/${first}${rest}`, rest || '/') : key
  }
  const unversioned = (item: PathItem): PathItem =>
    Object.fromEntries(
      Object.entries(item).map(([method, { parameters, ...operation }]) => [
        method,
        { ...operation, ...(parameters && { parameters: parameters.filter((each) => !isVersionParameter(each)) }) },
      ]),
    )
  return {
    ...contract,
    operations: Object.fromEntries(Object.entries(operations).map(([key, facts]) => [bare(key), facts])),
    document: {
      ...document,
      paths: Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [bare(path), unversioned(item)])),
    },
  }
}

/** For versions that are only in one of two contracts. */
export function versionChange(kind: 'version-added' | 'version-removed', version: string): Change {
  const severity = CHANGE_KINDS.get(kind)!
  return {
    id: createHash('sha256')
      .update(JSON.stringify([kind, version]))
      .digest('hex')
      .slice(0, 10),
    kind,
    severity,
    version,
    operation: undefined,
    where: '',
    text: kind === 'version-added' ? `version ${version} is there now` : `version ${version} is gone`,
    fix: severity === 'safe' ? undefined : fixOf(kind, { handler: '', version }),
    affects: `whoever calls version ${version}`,
    at: undefined,
  }
}

const ORDER = ['breaking', 'risky', 'safe']

function bySeverity(a: Change, b: Change): number {
  return ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity)
}

interface Pair {
  readonly from?: ListedOperation | undefined
  readonly to?: ListedOperation | undefined
}

/** By method and path whatever parameters are called; what is left, by the name of the operation. */
function paired(old: readonly ListedOperation[], now: readonly ListedOperation[]): readonly Pair[] {
  const shapeOf = ({ key }: ListedOperation): string => key.replaceAll(/\{[^}]*\}/g, '{}')
  const byShape = new Map(now.map((found) => [shapeOf(found), found]))
  const known = new Set(old.map(shapeOf))
  const left = new Map(
    now.filter((found) => !known.has(shapeOf(found))).map((found) => [found.operation.operationId, found]),
  )
  const pairs = old.map((from): Pair => {
    const same = byShape.get(shapeOf(from))
    if (same) return { from, to: same }
    const moved = left.get(from.operation.operationId)
    if (moved) left.delete(from.operation.operationId)
    return { from, to: moved }
  })
  return [...pairs, ...[...left.values()].map((to) => ({ to }))]
}

function comparePlaces(from: ListedOperation, to: ListedOperation, report: Report): void {
  const { method: oldMethod, path: oldPath } = from
  const { method, path } = to
  if (oldMethod !== method)
    report.other('operation-method-changed', 'method', `is called with ${method} instead of ${oldMethod}`)
  const bare = (text: string): string => text.replaceAll(/\{[^}]*\}/g, '{}')
  if (bare(oldPath) !== bare(path)) report.other('operation-moved', 'path', `is at ${path} instead of ${oldPath}`)
  else if (oldPath !== path) report.other('path-parameter-renamed', 'path', `is written ${path} instead of ${oldPath}`)
  const { operation: before } = from
  const { operation: after } = to
  if (before.operationId !== after.operationId) {
    report.other('operation-renamed', 'operationId', `is called ${after.operationId} instead of ${before.operationId}`)
  }
  if (before.tags[0] !== after.tags[0]) {
    report.other('operation-regrouped', 'tags', `stands under ${after.tags[0]} instead of ${before.tags[0]}`)
  }
  if (!before.deprecated && after.deprecated) report.other('operation-deprecated', 'deprecated', 'is deprecated now')
  if (before.deprecated && !after.deprecated)
    report.other('operation-undeprecated', 'deprecated', 'is not deprecated any more')
}

function affectedBy(kind: ChangeKind, key: string, where: string): string {
  if (kind.startsWith('request-')) return `whoever sends ${where} to ${key}`
  if (kind.startsWith('response-') || kind.startsWith('status-')) return `whoever reads ${where} of ${key}`
  if (kind.startsWith('problem-')) return `whoever handles the problems of ${key}`
  return kind === 'operation-renamed' || kind === 'operation-regrouped' || kind === 'path-parameter-renamed'
    ? `clients that are generated, where they call ${key}`
    : `whoever calls ${key}`
}
