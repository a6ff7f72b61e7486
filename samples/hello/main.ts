/** The smallest application: a controller, a module, a start. */
import { Controller, createApp, Get, Module } from 'tenon'

// Not formatted: three lines are the point.
@Controller() class Hello { @Get('/') greet(): string { return 'Hello, world!' } }
@Module({ controllers: [Hello] }) class App {}
await (await createApp(App)).listen()
