/** Versions of an API: several generations of callers, one generation of handlers. */
import { configure, RouteLayout, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { DeprecatedCalls } from './deprecated-calls.ts'
import { DeprecationInterceptor } from './deprecation-interceptor.ts'
import { VersionInterceptor } from './version-interceptor.ts'
import { VersionLayout } from './version-layout.ts'
import { VersioningConfig } from './versioning-config.ts'
import { deprecationsHold, upgradesLeadUp, versionsAreAnsweredOnce, versionsAreReadable } from './versioning-rules.ts'

@Module({
  providers: [VersionLayout, { provide: RouteLayout, useExisting: VersionLayout }, DeprecatedCalls],
  interceptors: [VersionInterceptor, DeprecationInterceptor],
  rules: [versionsAreReadable, versionsAreAnsweredOnce, deprecationsHold, upgradesLeadUp],
})
export class VersioningModule {
  /** @example `VersioningModule.with({ from: 'header', defaultVersion: '2' })` */
  static with(settings: SettingsOf<VersioningConfig>): ConfiguredModule {
    return configure(VersioningModule, VersioningConfig, settings)
  }
}
