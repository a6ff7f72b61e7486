/** What every application has: its structure, container, environment, clock, log and health. */
import { UNKNOWN_SITE, Module, type Provider } from '../../decorators/index.ts'
import { Clock } from '../clock/clock.ts'
import { SystemClock } from '../clock/system-clock.ts'
import type { ModuleModel } from '../graph/module-graph.ts'
import { AccessLogInterceptor } from '../http/access-log.ts'
import { HttpConfig } from '../http/http-config.ts'
import { Routes } from '../http/routes.ts'
import { HealthController } from '../health/health-controller.ts'
import { Health } from '../health/health.ts'
import { LogConfig } from '../logging/log-config.ts'
import { CompileConfig } from '../pipeline/compile-config.ts'
import { RunningApplication } from './running-application.ts'

@Module({})
export class KernelModule {}

/** @param own - Providers that exist only once the application is being put together. */
export function kernelModule(own: readonly Provider[]): ModuleModel {
  return {
    type: KernelModule,
    name: KernelModule.name,
    options: {
      controllers: [HealthController],
      interceptors: [AccessLogInterceptor],
      providers: [
        HttpConfig,
        Routes,
        LogConfig,
        CompileConfig,
        Health,
        RunningApplication,
        { provide: Clock, useClass: SystemClock },
        ...own,
      ],
    },
    imports: [],
    at: UNKNOWN_SITE,
  }
}
