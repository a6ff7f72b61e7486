import type { Diagnostic } from '../../../src/check/diagnostic.ts'
import { checkProgram, type Program } from './read-program.ts'

import * as ambiguousAbstract from './fixtures/ambiguous-abstract.ts'
import * as ambiguousTwoPrimaries from './fixtures/ambiguous-two-primaries.ts'
import * as cycleBelowController from './fixtures/cycle-of-three-below-controller.ts'
import * as cycleInMethods from './fixtures/cycle-in-provide-methods.ts'
import * as cycleOfAliases from './fixtures/cycle-of-aliases.ts'
import * as cycleWithItself from './fixtures/cycle-with-itself.ts'
import * as erasedGeneric from './fixtures/erased-generic.ts'
import * as erasedInProvideMethod from './fixtures/erased-in-provide-method.ts'
import * as erasedInlineTypeImport from './fixtures/erased-inline-type-import.ts'
import * as erasedInterface from './fixtures/erased-interface.ts'
import * as erasedOptional from './fixtures/erased-optional.ts'
import * as erasedTypeImport from './fixtures/erased-type-import.ts'
import * as erasedUnion from './fixtures/erased-union-and-function.ts'
import * as missingAbstract from './fixtures/missing-abstract.ts'
import * as missingBehindAlias from './fixtures/missing-behind-alias.ts'
import * as missingBehindLongPath from './fixtures/missing-behind-long-path.ts'
import * as missingByClassCondition from './fixtures/missing-by-class-condition.ts'
import * as missingNamesake from './fixtures/missing-namesake-token.ts'
import * as missingSimilar from './fixtures/missing-similar-name.ts'
import * as missingToken from './fixtures/missing-token.ts'
import * as missingUndecorated from './fixtures/missing-undecorated.ts'
import * as moduleInjected from './fixtures/module-injected-unimported.ts'
import * as nestedUntyped from './fixtures/nested-untyped.ts'
import * as transientByAlias from './fixtures/transient-captured-by-alias.ts'

async function first(program: Program): Promise<Diagnostic> {
  const [diagnostic] = await checkProgram(program)
  if (!diagnostic) throw new Error('Nothing was found.')
  return diagnostic
}

describe('The message', () => {
  it.each<[Program, string]>([
    [ambiguousAbstract, 'Notifier is provided 2 times (MailNotifier in AppModule, AppModule.push() in AppModule)'],
    [ambiguousTwoPrimaries, '2 of them are primary'],
    [cycleBelowController, 'Orders, Shipping and Stock need each other in a circle.'],
    [cycleOfAliases, 'The alias PrimaryStore and the alias FallbackStore'],
    [cycleWithItself, 'Node needs itself.'],
    [erasedGeneric, 'Parameter 1 of Registry has the type T (type parameter)'],
    [erasedInProvideMethod, 'Parameter 1 of AppModule.size() has the type Options (interface)'],
    [erasedInlineTypeImport, 'the type Inventory (type-only import)'],
    [erasedInterface, 'the type Clock (interface)'],
    [erasedOptional, 'the type Tuning (interface)'],
    [erasedTypeImport, 'the type Inventory (type-only import)'],
    [erasedUnion, 'the type Red | Blue (union)'],
  ])('names what the reader wrote (%#)', async (program, text) => {
    expect((await first(program)).message).toContain(text)
  })

  it('tells each kind of type that leaves nothing behind', async () => {
    const messages = (await checkProgram(erasedUnion)).map(({ message }) => message)

    expect(messages[1]).toContain('(a: Red, b: Blue) => string (function type)')
    expect(messages[2]).toContain('at run time: readonly Red[].')
    expect(messages[3]).toContain('at run time: Promise<Blue>.')
  })
})

describe('The help', () => {
  it.each<[Program, string]>([
    [cycleBelowController, 'Cut `Stock -> Orders`: let Stock publish an event'],
    [cycleInMethods, 'Cut `AppModule.writer() -> AppModule.reader()`: make one of them without the other.'],
    [cycleOfAliases, 'an alias has to end at a provider that makes something'],
    [erasedTypeImport, 'Import it without `type`'],
    [missingAbstract, 'FileStorage extends it: write { provide: Storage, useExisting: FileStorage } in AppModule.'],
    [missingByClassCondition, 'AppModule provides it only under a condition that does not hold here'],
    [
      missingNamesake,
      'A different token of this name is provided by AppModule: import that one, or write { provide: ASKED',
    ],
    [missingSimilar, 'Did you mean PaymentGateway? Otherwise: write { provide: PAYMENT_GATWAY, useValue: ... }'],
    [missingToken, 'Write { provide: MAILER, useValue: ... }'],
    [missingUndecorated, 'Write @Injectable() above Parser and add it to `providers` of AppModule'],
    [moduleInjected, 'It is a module: add it to `imports` of AppModule.'],
    [transientByAlias, 'build one where it is needed with container.create(Chunk)'],
  ])('says what to write (%#)', async (program, text) => {
    expect((await first(program)).help).toContain(text)
  })
})

describe('The path', () => {
  it.each<[Program, readonly string[]]>([
    [cycleBelowController, ['Orders', 'Shipping', 'Stock', 'Orders']],
    [missingBehindAlias, ['Sessions', 'SessionCache', 'MemoryCache']],
    [missingBehindLongPath, ['OrderController', 'OrderService', 'OrderRepository', 'Pool', 'Connection', 'Socket']],
    [nestedUntyped, ['PeopleController.create', 'Person', 'Address']],
    [transientByAlias, ['ChunkController', 'Buffer', 'Chunk']],
  ])('leads from the outside to what is wrong (%#)', async (program, path) => {
    expect((await first(program)).path).toEqual(path)
  })
})
