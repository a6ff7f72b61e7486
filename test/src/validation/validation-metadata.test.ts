import { execFileSync } from 'node:child_process'

import { Expose, IsOptional, IsString, Transform, Type, ValidateNested } from '../../../src/validation/index.ts'
import { findUntypedNested } from '../../../src/validation/untyped-nested.ts'
import { isDto } from '../../../src/validation/validation-metadata.ts'

class Leaf {
  @IsString() name!: string
}
class Exposed {
  @Expose() name!: string
}
class Heir extends Leaf {}
class Plain {
  name!: string
}

describe('isDto', () => {
  it.each([
    [Leaf, true],
    [Exposed, true],
    [Heir, true],
    [Plain, false],
    [Object, false],
    [String, false],
    [Date, false],
  ])('of %p is %p', (type, expected) => {
    expect(isDto(type)).toBe(expected)
  })

  it('loads neither library', () => {
    const script = `
      import { isDto } from ${JSON.stringify(new URL('../../../src/validation/validation-metadata.js', import.meta.url).href)}
      import { findUntypedNested } from ${JSON.stringify(new URL('../../../src/validation/untyped-nested.js', import.meta.url).href)}
      import { createRequire } from 'node:module'
      class A {}
      const { cache } = createRequire(import.meta.url)
      const loaded = Object.keys(cache).filter((path) => /class-(?:validator|transformer)/.test(path))
      console.log(JSON.stringify([isDto(A), findUntypedNested(A), loaded]))
    `
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 20_000,
    })

    expect(JSON.parse(output)).toEqual([false, [], []])
  })
})

describe('findUntypedNested', () => {
  it('finds nested properties without @Type, also those below typed ones', () => {
    class Inner {
      @ValidateNested({ each: true }) leaves!: Leaf[]
    }
    class Outer {
      @ValidateNested() @Type(() => Inner) inner!: Inner
      @IsOptional() leaf?: Leaf
      @IsOptional() @ValidateNested() @Type(() => Leaf) typed?: Leaf
      @Transform(({ value }: { value: unknown }) => value) @ValidateNested() made!: Leaf
      @IsOptional() plain?: Plain
      @IsOptional() date?: Date
      @IsOptional() @ValidateNested() @Type(() => Outer) self?: Outer
    }

    const found = findUntypedNested(Outer).toSorted((a, b) => a.property.localeCompare(b.property))

    expect(found).toEqual([
      { type: Outer, property: 'leaf' },
      { type: Inner, property: 'leaves' },
    ])
    expect(findUntypedNested(Leaf)).toEqual([])
  })

  it('looks into the variants of a discriminator', () => {
    class Variant {
      @ValidateNested() leaf!: Leaf
    }
    class Holder {
      @ValidateNested()
      @Type(() => Leaf, { discriminator: { property: 'kind', subTypes: [{ name: 'v', value: Variant }] } })
      value!: Leaf
    }

    expect(findUntypedNested(Holder)).toEqual([{ type: Variant, property: 'leaf' }])
  })
})
