/** `/observe`: what operators do to a running application: the level of the log, and profiles. */
import { LogControl } from 'tenon'
import { Authenticated, Body, Controller, Doc, Get, NoTenant, Post, Put, Query, SetHeader, Use } from 'tenon/decorators'
import { IsNumber, IsOptional, IsString, Max, Min } from 'tenon/validation'

import { OperatorsOnly } from '../operators.ts'
import { CpuProfiler, LONGEST_PROFILE_SECONDS } from './cpu-profiler.ts'

export class NewLogLevel {
  @IsString()
  level!: string
}

export class ProfileOptions {
  /** How long to record. Default: 10. */
  @IsOptional()
  @IsNumber()
  @Min(0.1)
  @Max(LONGEST_PROFILE_SECONDS)
  seconds: number = 10
}

export interface LogLevelAnswer {
  readonly level: string | undefined
}

@Controller('/observe')
@Doc({ hidden: true })
@NoTenant('The process runs for every tenant.')
@Authenticated()
@Use(OperatorsOnly)
@SetHeader('cache-control', 'no-store')
export class OperatorController {
  readonly #log: LogControl
  readonly #profiler: CpuProfiler

  constructor(log: LogControl, profiler: CpuProfiler) {
    this.#log = log
    this.#profiler = profiler
  }

  @Get('/log-level')
  logLevel(): LogLevelAnswer {
    return { level: this.#log.level }
  }

  /** Of this process, until it ends. @throws `LOG_LEVEL_UNKNOWN`, `LOG_LEVEL_FIXED` */
  @Put('/log-level')
  changeLogLevel(@Body() { level }: NewLogLevel): LogLevelAnswer {
    this.#log.setLevel(level)
    return { level: this.#log.level }
  }

  /** @throws `OBSERVABILITY_PROFILE_RUNNING` */
  @Post('/profile', { status: 200 })
  profile(@Query() { seconds }: ProfileOptions): Promise<object> {
    return this.#profiler.record(seconds)
  }
}
