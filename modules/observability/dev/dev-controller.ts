/** `/_dev`: the development page. It exists in development, and answers callers on this machine only. */
import { HttpContext, NotFoundException, type CallContext, type Guard, type InterceptorDescription } from 'tenon'
import {
  Controller,
  Ctx,
  Doc,
  Get,
  Interceptor,
  NoTenant,
  Param,
  Post,
  Public,
  Query,
  SetHeader,
  Use,
  When,
  when,
} from 'tenon/decorators'

import { CpuProfiler } from '../insight/cpu-profiler.ts'
import { ProfileOptions } from '../insight/operator-controller.ts'
import { isLocal } from '../local-callers.ts'
import { ObservabilityConfig } from '../observability-config.ts'
import { callListPage } from './call-list-page.ts'
import { callPage } from './call-page.ts'
import { DevCalls } from './dev-calls.ts'
import type { Page } from './page.ts'

/** For everybody else there is no such page. */
@Interceptor({ phase: 'protect' })
export class LocalOnly implements Guard {
  decide(call: CallContext): boolean {
    if (isLocal(call)) return true
    throw new NotFoundException()
  }

  describe(): InterceptorDescription {
    return { access: 'from this machine', does: 'is there for callers on this machine alone' }
  }
}

@Controller('/_dev')
@Doc({ hidden: true })
@NoTenant('It is for whoever develops the application.')
@Public('Shown in development, to this machine alone.')
@Use(LocalOnly)
@When(when.env('development'))
@SetHeader('content-type', 'text/html; charset=utf-8')
@SetHeader('cache-control', 'no-store')
@SetHeader('referrer-policy', 'no-referrer')
@SetHeader('x-content-type-options', 'nosniff')
export class DevController {
  readonly #calls: DevCalls
  readonly #profiler: CpuProfiler
  readonly #service: string

  constructor(calls: DevCalls, profiler: CpuProfiler, { serviceName }: ObservabilityConfig) {
    this.#calls = calls
    this.#profiler = profiler
    this.#service = serviceName
  }

  @Get('/')
  list(@Ctx() context: HttpContext): string {
    return show(callListPage(this.#service, this.#calls.all), context)
  }

  /** @throws `OBSERVABILITY_PROFILE_RUNNING` */
  @Post('/profile', { status: 200 })
  @SetHeader('content-type', 'application/json')
  async profile(@Query() { seconds }: ProfileOptions): Promise<string> {
    return JSON.stringify(await this.#profiler.record(seconds))
  }

  /** @param id - A request id or a trace id. */
  @Get('/calls/:id')
  call(@Param('id') id: string, @Ctx() context: HttpContext): string {
    const call = this.#calls.find(id)
    if (!call) throw new NotFoundException('This call is not kept any more.')
    return show(callPage(this.#service, call), context)
  }
}

function show({ text, contentSecurityPolicy }: Page, { response }: HttpContext): string {
  response.setHeader('content-security-policy', contentSecurityPolicy)
  return text
}
