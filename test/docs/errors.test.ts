import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { codesIn, readCodes } from './codes.ts'
import { ROOT } from './pages.ts'

interface Section {
  readonly code: string
  /** `**404**`, `**error**`: what the section begins with. */
  readonly weights: readonly string[]
  /** The quoted message. */
  readonly message: string
  readonly hasFix: boolean
}

const sections = readSections(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8'))
const codes = readCodes()

describe('The page of errors', () => {
  it('has one section for each code of the program, and no other', () => {
    const written = sections.map(({ code }) => code)

    expect(codes.length).toBeGreaterThan(100)
    expect(written.toSorted()).toEqual([...new Set(codes.map(({ code }) => code))].toSorted())
  })

  it('says of each what it is answered with, or how severe it is', () => {
    const wrong = sections.filter(({ code, weights }) => {
      const declared = new Set(codes.filter((each) => each.code === code).map(({ weight }) => weight))
      return [...declared].toSorted().join() !== [...new Set(weights)].toSorted().join()
    })

    expect(wrong.map(({ code }) => code)).toEqual([])
  })

  it('quotes a message as the program words it, and says what to do', () => {
    const wrong = sections.filter(({ code, message, hasFix }) => {
      const worded = codes.filter((each) => each.code === code).some(({ parts }) => hasInOrder(message, parts))
      return message === '' || !hasFix || !worded
    })

    expect(wrong.map(({ code, message }) => `${code}: ${message}`)).toEqual([])
  })
})

describe('The codes of the program', () => {
  it('are read with status, severity and message', () => {
    const text = `const A = defineError({\n code: 'A_B', status: 404, message: (x: string) => \`No \${x} here.\`, help: '' })
      const B = defineDiagnostic({ code: 'B_C', message: () => 'Odd.', help: '' })`

    expect(codesIn('a.ts', text)).toEqual([
      { code: 'A_B', weight: '404', parts: ['No', 'here.'] },
      { code: 'B_C', weight: 'error', parts: ['Odd.'] },
    ])
  })

  it('cannot be hidden by another way of writing', () => {
    expect(() => codesIn('a.ts', 'const A = defineError({ code: CODE })')).toThrow('a.ts')
  })
})

function readSections(page: string): readonly Section[] {
  return page
    .split(/^### /m)
    .slice(1)
    .map((section) => ({
      code: section.split('\n', 1)[0]!,
      weights: [.../^(?:\*\*\w+\*\*(?:, )?)+/m.exec(section)![0].matchAll(/\w+/g)].map(([weight]) => weight),
      message: [...section.matchAll(/^> (.+)$/gm)].map((match) => match[1]).join(' '),
      hasFix: /^Fix: .{10}/m.test(section),
    }))
}

function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0
  return parts.every((part) => {
    const at = text.indexOf(part, from)
    from = at + part.length
    return at >= 0
  })
}
