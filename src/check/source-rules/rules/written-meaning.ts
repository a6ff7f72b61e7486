/** What the declared type of a field means to those who read it, in the decorators that would say so. */
import type { ts as TypeScript } from 'ts-morph'

import type { Syntax } from '../source-program.ts'

export interface WrittenMeaning {
  /** As written: `string | null`. */
  readonly text: string
  /** `@IsString() @Doc({ nullable: true })` */
  readonly fix: string
}

/** `undefined` where no type is written, or one that means anything anyway. */
export function meaningOf(
  syntax: Syntax,
  field: TypeScript.PropertyDeclaration | TypeScript.GetAccessorDeclaration,
): WrittenMeaning | undefined {
  const { type } = field
  if (!type || isAnything(syntax, type)) return undefined
  const parts = partsOf(syntax, type)
  const values = parts.filter((part) => !isNothing(part))
  const isNullable = parts.some((part) => part.getText() === 'null')
  const isOptional = field.questionToken !== undefined || parts.some((part) => part.getText() === 'undefined')
  const fix = [
    ...(isOptional ? ['@IsOptional()'] : []),
    ruleFor(syntax, values),
    ...(isNullable && !isOptional ? ['@Doc({ nullable: true })'] : []),
  ].join(' ')
  return { text: type.getText().replaceAll(/\s+/g, ' '), fix }
}

function isAnything({ SyntaxKind }: Syntax, { kind }: TypeScript.TypeNode): boolean {
  return kind === SyntaxKind.UnknownKeyword || kind === SyntaxKind.AnyKeyword
}

function partsOf(syntax: Syntax, type: TypeScript.TypeNode): readonly TypeScript.TypeNode[] {
  return syntax.isUnionTypeNode(type) ? type.types.flatMap((each) => partsOf(syntax, each)) : [type]
}

function isNothing(type: TypeScript.TypeNode): boolean {
  return type.getText() === 'null' || type.getText() === 'undefined'
}

const RULES: Readonly<Record<string, string>> = { string: 'IsString', number: 'IsNumber', boolean: 'IsBoolean' }

function ruleFor(syntax: Syntax, values: readonly TypeScript.TypeNode[]): string {
  const texts = values.map((value) => value.getText())
  if (values.length > 0 && values.every((value) => syntax.isLiteralTypeNode(value)))
    return `@IsIn([${texts.join(', ')}])`
  const [only, ...more] = values
  if (!only || more.length > 0) return '@Doc({ schema: … })'
  const element = elementOf(syntax, only)
  const rule = RULES[element?.getText() ?? texts[0]!]
  if (rule !== undefined) return element ? `@${rule}({ each: true })` : `@${rule}()`
  if (syntax.isTypeReferenceNode(only) && only.typeName.getText() === 'Record')
    return "@Doc({ schema: { type: 'object', … } })"
  // What the text calls by a capital may be an interface, of which nothing is left either.
  const named = element ?? only
  const isName = syntax.isTypeReferenceNode(named) && !named.typeArguments
  return isName ? `@Type(() => ${named.getText()}), if it is a class, or @Doc({ schema: … }),` : '@Doc({ schema: … })'
}

/** `string` of `string[]`, `readonly string[]` and `Array<string>`. */
function elementOf(syntax: Syntax, type: TypeScript.TypeNode): TypeScript.TypeNode | undefined {
  if (syntax.isTypeOperatorNode(type)) return elementOf(syntax, type.type)
  if (syntax.isArrayTypeNode(type)) return type.elementType
  const isList = syntax.isTypeReferenceNode(type) && /^(?:Readonly)?(?:Array|Set)$/.test(type.typeName.getText())
  return isList ? type.typeArguments?.[0] : undefined
}
