/** An endpoint that looks at one tenant after the other, which callers of one may not. */
import { Container, Controller, Get, Module } from 'tenon'
import type { AbstractClass, Class } from 'tenon/decorators'
import { Tenants, TenantScoped } from 'tenon/tenancy'

export function eachModuleOf(Tickets: AbstractClass<{ count(): Promise<number> }>): Class {
  @TenantScoped()
  @Controller('/each')
  class EachController {
    constructor(
      private readonly tenants: Tenants,
      private readonly container: Container,
    ) {}

    @Get() async counts(): Promise<number[]> {
      const counts: number[] = []
      await this.tenants.forEach('a sum', async () => counts.push(await this.container.get(Tickets).count()))
      return counts
    }
  }

  @Module({ controllers: [EachController] })
  class EachModule {}
  return EachModule
}
