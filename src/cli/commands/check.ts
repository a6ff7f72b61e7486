/** `tenon check` */
import { join, relative, sep } from 'node:path'

import type { Diagnostic } from '../../check/diagnostic.ts'
import { printDiagnostics } from '../../check/print-diagnostics.ts'
import { printLocation, sourceOf } from '../../errors/source-location.ts'
import { checkProject, type Repaired } from '../check-project.ts'
import { CommandResult } from '../command-result.ts'
import { describeDiagnostic } from '../describe-diagnostic.ts'
import { EXIT } from '../exit-codes.ts'
import { packageFolder } from '../own-package.ts'
import { printSarif } from '../sarif.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'

const OWN_FOLDERS = ['src', 'modules', 'runtime'].map((folder) => join(packageFolder(), folder, sep))

export const check = toolCommand('check', {
  description: 'Everything that is wrong with the program and its sources, without running it',
  options: {
    '--sarif': 'answer as SARIF 2.1.0, for code hosts',
    '--fix': 'repair what has one safe repair',
    '--strict': 'warnings fail, too',
    '--notes': 'list notes, too',
    '--packages': 'list warnings about code of packages, too',
  },
  examples: ['tenon check', 'tenon check --strict --sarif > findings.sarif', 'tenon check --fix'],
  run: async (call) => {
    const { diagnostics, notProved, files, repair } = await checkProject(call.project)
    if (call.flag('fix')) {
      const repaired = repair()
      if (repaired.length > 0) return new CommandResult({ data: { repaired }, text: printRepaired(repaired, call) })
    }
    const meant = diagnostics.filter(({ severity }) => severity !== 'note' || call.flag('notes'))
    const shown = meant.filter((each) => call.flag('packages') || each.severity === 'error' || !isOfPackage(each))
    const hidden = meant.length - shown.length
    const fails = shown.some(({ severity }) => severity === 'error' || (severity === 'warning' && call.flag('strict')))
    const described = shown.map(describeDiagnostic)
    const open = notProved.map((each) => ({ ...each, at: sourceOf(each.at) }))
    const data = { files, findings: described, notProved: open, ofPackages: hidden }
    const text = [
      printDiagnostics(shown, { stream: call.io.output }),
      ...(hidden === 0 ? [] : [`${hidden} about code of packages; --packages lists them.`]),
      ...(open.length === 0
        ? []
        : [
            `Not proved:\n${open.map((each) => `  ${each.rule}: ${each.reason} (${printLocation(each.at)})`).join('\n')}`,
          ]),
    ]
    return new CommandResult({
      data,
      text: call.flag('sarif') ? printSarif(described, call.project.folder) : text.join('\n\n'),
      exitCode: fails ? EXIT.failed : EXIT.ok,
    })
  },
})

function printRepaired(repaired: readonly Repaired[], { project }: ToolCall): string {
  const files = new Set(repaired.map(({ file }) => file)).size
  const lines = repaired.map(({ file, what }) => `  ${relative(project.folder, file)}: ${what}`)
  const head = `${repaired.length} repaired in ${files} file${files === 1 ? '' : 's'}; build and check again.`
  return [head, ...lines].join('\n')
}

/** Nobody who uses a package can repair it; what keeps the application from starting is told all the same. */
function isOfPackage({ at }: Diagnostic): boolean {
  const { file } = sourceOf(at)
  return /[\\/]node_modules[\\/]/.test(file) || OWN_FOLDERS.some((folder) => file.startsWith(folder))
}
