import { expectTypeOf } from 'expect-type'

import {
  Exclude,
  Expose,
  IntersectionType,
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  MinLength,
  OmitType,
  PartialType,
  PickType,
  Transform,
  Type,
  ValidateNested,
} from '../../../src/validation/index.ts'
import { compileSerializer } from '../../../src/validation/compile-serializer.ts'
import { compileValidator } from '../../../src/validation/compile-validator.ts'
import { rulesOf } from './validation-outcome.ts'

class Pet {
  @IsString() name!: string
}
class CreateUser {
  @IsEmail() email!: string
  @MinLength(3)
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  nick!: string
  @IsInt() age!: number
  @IsOptional() @ValidateNested() @Type(() => Pet) pet?: Pet
  @IsString() role = 'user'
}
const strict = { mode: 'strict' } as const

describe('PartialType', () => {
  class UpdateUser extends PartialType(CreateUser) {}

  it('makes every field optional and keeps its rules', async () => {
    const validate = await compileValidator(UpdateUser, strict)

    expect(await validate({})).toEqual({ role: 'user' })
    expect(await validate({ nick: ' abc ', pet: { name: 'Rex' } })).toMatchObject({
      nick: 'abc',
      pet: expect.any(Pet) as Pet,
    })
    expect(await rulesOf(validate, { email: 'x', nick: ' a ', pet: { name: 1 }, other: 1 })).toEqual([
      '/other whitelistValidation',
      '/email isEmail',
      '/nick minLength',
      '/pet/name isString',
    ])
  })

  it('checks null where it is told to', async () => {
    class Checked extends PartialType(CreateUser, { skipNullProperties: false }) {}
    const validate = await compileValidator(Checked, strict)

    expect(await rulesOf(validate, { email: null })).toEqual(['/email isEmail'])
    expect(await rulesOf(await compileValidator(UpdateUser, strict), { email: null })).toEqual([])
    expect(await rulesOf(validate, {})).toEqual([])
  })

  it('is typed and named', () => {
    expectTypeOf<UpdateUser>().toEqualTypeOf<Partial<CreateUser>>()
    expect(PartialType(CreateUser).name).toBe('PartialCreateUser')
  })

  it('leaves its source as it was', async () => {
    expect(await rulesOf(await compileValidator(CreateUser, strict), { email: 'a@example.org', nick: 'abc' })).toEqual([
      '/age isInt',
    ])
  })
})

describe('PickType and OmitType', () => {
  class Login extends PickType(CreateUser, ['email', 'pet']) {}
  class Anonymous extends OmitType(CreateUser, ['email', 'role', 'age']) {}

  it('keep the rules of the fields they keep, and refuse the others', async () => {
    expect(await rulesOf(await compileValidator(Login, strict), { email: 'x', age: 1 })).toEqual([
      '/age whitelistValidation',
      '/email isEmail',
    ])
    expect(await rulesOf(await compileValidator(Anonymous, strict), { nick: 'abc', email: 'a@example.org' })).toEqual([
      '/email whitelistValidation',
    ])
    expect(Object.keys(new Anonymous())).toEqual([])
  })

  it('are typed', () => {
    expectTypeOf<Login>().toEqualTypeOf<Pick<CreateUser, 'email' | 'pet'>>()
    expectTypeOf<Anonymous>().toEqualTypeOf<Omit<CreateUser, 'email' | 'role' | 'age'>>()
    // @ts-expect-error only fields of the class can be named
    PickType(CreateUser, ['nothing'])
  })

  it('keep what is said about the whole class and about transformations', async () => {
    @Exclude()
    class Base {
      @Expose() @Transform(({ value }: { value: string }) => `${value}1`) id!: string
      @IsString() hash!: string
    }
    class Account extends Base {
      @Expose({ name: 'full_name' }) name!: string
      @Transform(({ value }: { value: string }) => `${value}2`) declare id: string
    }
    const value = { id: 'x', hash: 'h', name: 'n' }
    const whole = (await compileSerializer(Account))(value)

    expect((await compileSerializer(PickType(Account, ['id', 'hash', 'name'])))(value)).toEqual(whole)
    expect((await compileSerializer(OmitType(Account, ['name'])))(value)).toEqual({ id: (whole as { id: string }).id })
  })
})

describe('a class that cannot be made without arguments', () => {
  it('gives its rules, and no initial values', async () => {
    class Row {
      @IsString() name: string
      constructor(source: { name: string }) {
        this.name = source.name
      }
    }

    expect(await rulesOf(await compileValidator(PickType(Row, ['name']), strict), { name: 1 })).toEqual([
      '/name isString',
    ])
  })
})

describe('IntersectionType', () => {
  class Both extends IntersectionType(PickType(CreateUser, ['email']), Pet) {}

  it('has the fields of both', async () => {
    expect(await rulesOf(await compileValidator(Both, strict), { email: 'x', name: 1 })).toEqual([
      '/email isEmail',
      '/name isString',
    ])
    expectTypeOf<{ [K in keyof Both]: Both[K] }>().toEqualTypeOf<{ email: string; name: string }>()
  })
})
