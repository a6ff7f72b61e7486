import { Controller, createApp, Get, Module } from 'tenon'

@Controller('/hello')
class HelloController {
  @Get()
  hello(): object {
    return { hello: 'world' }
  }
}

@Module({ controllers: [HelloController] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
