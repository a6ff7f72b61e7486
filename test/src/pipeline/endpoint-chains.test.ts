import {
  Controller,
  EndpointChains,
  Get,
  Interceptor,
  Module,
  Routes,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { testApp } from 'tenon/testing'

const ASKED: string[] = []

@Interceptor({ phase: 'protect' })
class Noting implements EndpointInterceptor {
  forEndpoint({ name }: Endpoint): Contribution | undefined {
    if (name !== 'DoorController.open') return undefined
    ASKED.push(name)
    return { headers: { 'x-noted': 'yes' } }
  }

  describe(): InterceptorDescription {
    return { does: 'notes who comes' }
  }
}

@Controller('/door')
class DoorController {
  @Get()
  open(): string {
    return 'open'
  }

  @Get('/bell')
  ring(): string {
    return 'ring'
  }
}

@Module({ controllers: [DoorController], interceptors: [Noting] })
class DoorModule {}

describe('EndpointChains', () => {
  it('tell what runs around an endpoint, and ask no interceptor twice', async () => {
    await using app = await testApp(DoorModule).boot()
    const chains = app.get(EndpointChains)
    const linksOf = (name: string) => {
      const endpoint = app.get(Routes).endpoints.find((each) => each.name === name)!
      return chains.of(endpoint).links.map((link) => [link.name, link.phase, link.description.does])
    }

    expect(linksOf('DoorController.open')).toContainEqual(['Noting', 'protect', 'notes who comes'])
    expect(linksOf('DoorController.ring').map(([name]) => name)).not.toContain('Noting')
    expect((await app.request('/door')).headers.get('x-noted')).toBe('yes')
    expect(ASKED).toEqual(['DoorController.open'])
  })
})
