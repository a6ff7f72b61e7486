import { Module, ModuleGraph } from 'tenon'
import { AuthModule } from 'tenon/auth'
import { ObservabilityModule } from 'tenon/observability'
import { OpenApiModule } from 'tenon/openapi'
import { DataModule } from 'tenon/data'
import { TenancyModule } from 'tenon/tenancy'
import { testApp } from 'tenon/testing'

@Module({ imports: [DataModule, AuthModule, ObservabilityModule, OpenApiModule, TenancyModule] })
class EverythingModule {}

describe('The endpoints that modules bring', () => {
  it('say that they act for no tenant', async () => {
    await using app = await testApp(EverythingModule).boot()

    expect(app.get(ModuleGraph).endpoints.length).toBeGreaterThan(4)
  })
})
