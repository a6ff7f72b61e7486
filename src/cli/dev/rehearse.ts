/**
 * Starts a program that does nothing, and ends it: code that starts applications is a good deal faster when it has run
 * before. Nothing of the application that is developed takes part, so nothing of it happens twice.
 */
import {
  Config,
  Controller,
  Env,
  Get,
  HttpCode,
  Module,
  OnInit,
  Param,
  Post,
  Public,
  Query,
  Service,
  type Class,
} from '../../../decorators/index.ts'
import { createApp } from '../../application/create-app.ts'

const PARTS = 10

export async function rehearse(): Promise<void> {
  // Without the project's settings: they may be wrong, and are nobody's business here.
  const application = await createApp(programOf(PARTS), { cwd: import.meta.dirname, env: { LOG_LEVEL: 'silent' } })
  await application.handler()
  await application.close()
}

function programOf(parts: number): Class {
  const imports = Array.from({ length: parts }, (_, index) => partOf(index))
  @Module({ imports })
  class Rehearsal {}
  return Rehearsal
}

function partOf(index: number): Class {
  @Config(`part${index}`)
  class Settings {
    @Env(`PART_${index}`, { default: 'none' })
    readonly value!: string
  }

  @Service()
  class Store {
    constructor(readonly settings: Settings) {}

    @OnInit()
    open(): void {}
  }

  @Service()
  class Work {
    constructor(readonly store: Store) {}
  }

  @Public('nobody can call it')
  @Controller(`/parts/${index}`)
  class Part {
    constructor(readonly work: Work) {}

    @Get()
    list(@Query('sort') sort: string): object {
      return { sort }
    }

    @Get('/:id')
    find(@Param('id') id: string): object {
      return { id }
    }

    @Post('/:id')
    @HttpCode(201)
    add(@Param('id') id: string, @Query('sort') sort: string): object {
      return { id, sort }
    }
  }

  @Module({ controllers: [Part], providers: [Store, Work, Settings] })
  class PartModule {}
  return PartModule
}
