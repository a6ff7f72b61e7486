import { All, Controller, Get, Module, Param, Post, Routes } from 'tenon'
import { testApp } from 'tenon/testing'

@Controller('/tickets')
class Tickets {
  @Get()
  list(): string {
    return ''
  }

  @Post('/:id')
  change(@Param('id') id: string): string {
    return id
  }

  @All('/:id/files/*')
  files(@Param('id') id: string): string {
    return id
  }
}

@Module({ controllers: [Tickets] })
class App {}

describe('Routes', () => {
  it.each([
    ['GET', '/tickets', 'Tickets.list'],
    ['HEAD', '/tickets?open=1', 'Tickets.list'],
    ['POST', '/tickets/7', 'Tickets.change'],
    ['DELETE', '/tickets/7/files/a/b', 'Tickets.files'],
    ['POST', '/tickets', undefined],
    ['OPTIONS', '/tickets', undefined],
    ['GET', '/nothing', undefined],
    ['GET', '/tickets/%', undefined],
  ])('names what answers %s %s', async (method, url, name) => {
    await using app = await testApp(App).boot()

    expect(
      app
        .get(Routes)
        .find(method, url)
        .map((endpoint) => endpoint.name),
    ).toEqual(name === undefined ? [] : [name])
  })
})
