/** The smallest application: a controller, a module, a start. Not formatted: three lines are the point. */
import { Controller, createApp, Get, Module, Param } from 'tenon'

@Controller('/hello') class Hello { @Get('/:name') say(@Param('name') name: string): object { return { hello: name } } }
@Module({ controllers: [Hello] }) class App {}
await (await createApp(App)).listen()
