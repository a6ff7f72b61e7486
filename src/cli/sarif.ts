/** Findings for other tools: SARIF 2.1.0, which code hosts show beside the lines they are about. */
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Severity } from '../check/diagnostic.ts'
import type { DescribedDiagnostic } from './describe-diagnostic.ts'
import { packageVersion } from './own-package.ts'

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' }

/** @param folder - Paths are relative to it, as `%SRCROOT%`. */
export function printSarif(findings: readonly DescribedDiagnostic[], folder: string): string {
  const rules = [...new Map(findings.map((each) => [each.code, each])).values()]
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tenon check',
            semanticVersion: packageVersion(),
            rules: rules.map(({ code, severity, help }) => ({
              id: code,
              shortDescription: { text: code },
              help: { text: help },
              defaultConfiguration: { level: LEVELS[severity] },
            })),
          },
        },
        originalUriBaseIds: { '%SRCROOT%': { uri: `${pathToFileURL(folder).href}/` } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ code, severity, message, help, at, path }) => ({
          ruleId: code,
          ruleIndex: rules.findIndex((rule) => rule.code === code),
          level: LEVELS[severity],
          message: { text: `${message} ${help}` },
          // A finding about the whole has no line.
          locations: at.line === 0 ? [] : [{ physicalLocation: locationOf(at, folder) }],
          ...(path.length > 1 ? { properties: { path } } : {}),
        })),
      },
    ],
  }
  return JSON.stringify(log, undefined, 2)
}

function locationOf({ file, line, column }: DescribedDiagnostic['at'], folder: string): object {
  const near = relative(folder, file).replaceAll('\\', '/')
  const artifactLocation = near.startsWith('..')
    ? { uri: pathToFileURL(file).href }
    : { uri: near.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
  return { artifactLocation, region: { startLine: line, startColumn: column } }
}
