import fc from 'fast-check'
import { ts } from 'ts-morph'

import { applyEdit, revertEdit } from '../../../../src/cli/generate/source/apply-edit.ts'

const name = fc.constantFrom('Alpha', 'Beta', 'Gamma', 'Delta')
const list = fc.constantFrom('imports', 'providers', 'controllers')

/** Lists as people write them. */
const source = fc
  .record({
    lists: fc.uniqueArray(fc.tuple(list, fc.uniqueArray(name, { minLength: 1 })), { selector: ([each]) => each }),
    style: fc.constantFrom('line', 'lines', 'commas'),
    deep: fc.boolean(),
    comment: fc.constantFrom('', ' // why'),
    ending: fc.constantFrom('', ';'),
    quote: fc.constantFrom("'", '"'),
  })
  .map(({ lists, style, deep, comment, ending, quote }) => {
    const comma = style === 'commas' ? ',' : ''
    const printed = lists.map(([key, names]) =>
      deep && style !== 'line'
        ? `${key}: [\n${names.map((each, index) => `    ${each}${index < names.length - 1 ? ',' : comma}${comment}`).join('\n')}\n  ]`
        : `${key}: [${names.join(', ')}]`,
    )
    const body =
      style === 'line' || printed.length === 0
        ? `{ ${printed.join(', ')} }`.replace('{  }', '{}')
        : `{\n${printed.map((each, index) => `  ${each}${index < printed.length - 1 ? ',' : comma}${comment}`).join('\n')}\n}`
    return `/* head */\nimport { Module } from ${quote}tenon${quote}${ending}\n\n@Module(${body})\nexport class AppModule {}\n`
  })

describe('Lists of modules', () => {
  it('get an element and lose it again, and nothing else of the file moves', () => {
    fc.assert(
      fc.property(source, list, (text, into) => {
        // A line that becomes too long is folded, which only the exact undo of an untouched file takes back.
        fc.pre(text.split('\n').every((line) => line.length < 100))
        const edits = [
          { kind: 'import', name: 'Added', from: './added.ts' } as const,
          { kind: 'listed', type: 'AppModule', list: into, element: 'Added' } as const,
        ]

        const added = edits.reduce((done, edit) => applyEdit(ts, done, edit)!, text)
        const removed = edits.toReversed().reduce((done, edit) => revertEdit(ts, done, edit), added)

        expect(syntaxErrors(added)).toEqual([])
        expect(added).toMatch(new RegExp(`${into}: \\[[^\\]]*\\bAdded\\b`))
        expect(added.match(/\/\/ why/g)).toEqual(text.match(/\/\/ why/g))
        expect(edits.map((edit) => applyEdit(ts, added, edit))).toEqual([undefined, undefined])
        expect(removed).toBe(text)
      }),
      { numRuns: process.env['FULL'] ? 20_000 : 500 },
    )
  })
})

function syntaxErrors(text: string): readonly string[] {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { experimentalDecorators: true },
  })
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}
