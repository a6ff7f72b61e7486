import { execFileSync } from 'node:child_process'

import { canGenerateCode } from '../../../src/platform/can-generate-code.ts'
import { CodeScope } from '../../../src/validation/code-scope.ts'

const url = (path: string): string =>
  JSON.stringify(new URL(`../../../src/validation/${path}.js`, import.meta.url).href)

/** A program that validates and serializes, and prints what came of it. */
const PROGRAM = `
  import { IsInt, IsString, Type, ValidateNested } from ${url('index')}
  import { canGenerateCode } from ${url('../platform/can-generate-code')}
  import { compileSerializer } from ${url('compile-serializer')}
  import { compileValidator } from ${url('compile-validator')}

  class Inner {}
  IsInt()(Inner.prototype, 'size')
  class Outer {}
  IsString()(Outer.prototype, 'name')
  ValidateNested()(Outer.prototype, 'inner')
  Type(() => Inner)(Outer.prototype, 'inner')

  const validate = await compileValidator(Outer, { mode: 'strict' })
  const serialize = await compileSerializer(Outer)
  const made = validate({ name: 'a', inner: { size: 1 } })
  let code
  try {
    validate({ name: 1, inner: { size: 1 } })
  } catch (error) {
    code = error.code
  }
  const written = serialize({ name: 'a', inner: { size: 1, more: 2 }, more: 2 })
  console.log(JSON.stringify([canGenerateCode(), made instanceof Outer, made.inner instanceof Inner, code, written]))
`

describe('a runtime', () => {
  it.each([
    ['generates code from text', [], true],
    ['does not', ['--disallow-code-generation-from-strings'], false],
  ])('that %s validates and serializes', (_which, flags, generates) => {
    const args = [...flags, '--input-type=module', '--eval', PROGRAM]
    const output = execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })

    expect(JSON.parse(output)).toEqual([generates, true, true, 'VALIDATION_FAILED', { name: 'a', inner: { size: 1 } }])
  })
})

describe('CodeScope', () => {
  it('knows values by names of their own, the same value by one', () => {
    const scope = new CodeScope()
    const value = { a: 1 }
    const [first, second, other] = [scope.refer(value), scope.refer(value), scope.refer({ a: 1 })]

    expect(first).toBe(second)
    expect(first).not.toBe(other)
    expect(scope.compile<readonly unknown[]>(`[${first}, ${other}]`)).toEqual([value, { a: 1 }])
    expect(canGenerateCode()).toBe(true)
  })
})
