import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from '../../../docs/pages.ts'
import { readRuleExamples } from '../../../docs/rule-pages.ts'
import { checkProjects, writeProject } from '../../cli/check-projects.ts'

const examples = readRuleExamples()

describe('The pages of the rules', () => {
  it('are there for every code of the sources', () => {
    const folder = join(ROOT, 'src/check/source-rules/rules')
    const codes = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/code: '(\w+)'/g)].map(([, code]) => code),
    )

    expect(new Set(examples.map(({ code }) => code))).toEqual(new Set(codes))
  })

  it('show what is found in the wrong program, and nothing in the right one', async () => {
    const files = examples.map(({ page, kind, files: texts }) =>
      join(writeProject(`rules/${page}-${kind}`, texts), 'app-module.ts'),
    )

    const checked = await checkProjects(files)

    const wrong = examples.flatMap(({ page, kind, code }, index) => {
      const { codes } = checked[index]!
      const isRight = kind === 'wrong' ? codes.includes(code) : codes.length === 0
      return isRight ? [] : [`${page} ${kind}: ${codes.join() || 'nothing'}`]
    })
    expect(wrong).toEqual([])
  })
})
