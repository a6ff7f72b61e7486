import { Controller, createApp, Get, Module, Param } from 'tenon'

@Controller('/hello')
class HelloController {
  @Get('/:name')
  greet(@Param('name') name: string): object {
    return { hello: name }
  }
}

@Module({ controllers: [HelloController] })
class HelloModule {}

await (await createApp(HelloModule)).listen()
