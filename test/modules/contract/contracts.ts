/** Contracts of small programs, taken as every contract is: from the running graph and its document. */
import { Body, Controller, Module, Post, Public, Returns, type Class } from 'tenon'
import { ContractGuard, ContractModule, type Contract } from 'tenon/contract'
import { Doc } from 'tenon/openapi'
import { testApp } from 'tenon/testing'
import { Allow, Expose } from 'tenon/validation'

export async function contractOf(module: Class): Promise<readonly Contract[]> {
  await using app = await testApp(module).boot()
  return await app.get(ContractGuard).contracts()
}

/** The changes from one program to another, as `kind` → `severity`. */
export async function changesBetween(before: Class, after: Class) {
  const earlier = await contractOf(before)
  await using app = await testApp(after).boot()
  return await app.get(ContractGuard).changesSince(earlier)
}

/** Decorators of the properties of a model. */
export type Shape = Readonly<Record<string, readonly PropertyDecorator[]>>

/** A model, sent and answered: what happens to it happens on both sides. */
export function program(shape: Shape): Class {
  const Thing = modelOf(shape)

  @Controller('/things')
  @Public('It is a test.')
  class ThingsController {
    @Post()
    @Returns(Thing as Class<object>)
    make(@Body() thing: object): object {
      return thing
    }
  }
  // What the compiler would emit if the class had been written down.
  Reflect.defineMetadata('design:paramtypes', [Thing], ThingsController.prototype, 'make')

  @Module({ imports: [ContractModule], controllers: [ThingsController] })
  class ThingsModule {}
  return ThingsModule
}

export function modelOf(shape: Shape): Class {
  class Thing {}
  for (const [name, decorators] of Object.entries(shape)) {
    for (const decorate of [Allow(), Expose(), ...decorators]) decorate(Thing.prototype, name)
  }
  return Thing
}

/** What rules alone do not say. */
export function schema(said: Readonly<Record<string, unknown>>): PropertyDecorator {
  return Doc({ schema: said })
}
