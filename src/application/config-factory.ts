/** Makes `@Config` classes out of the environment and of what `XModule.with` sets. */
import type { Class, ConfiguredModule, InjectionToken } from '../../decorators/index.ts'
import { checkConfig } from '../config/check-config.ts'
import { readConfig } from '../config/read-config.ts'
import type { Environment } from '../config/read-environment.ts'
import { StartRefused } from '../check/start-refused.ts'
import type { Container } from '../container/container.ts'
import type { ProviderModel } from '../graph/module-graph.ts'
import type { OpenLog } from '../logging/open-log.ts'

/**
 * @param container - Late, because config classes are described before there is a container.
 * @throws `APP_START_REFUSED` when a function's settings turn out to be invalid; the others were checked before.
 */
export function configFactory(environment: Environment, log: OpenLog, container: () => Container | undefined) {
  return (config: Class, configured: ConfiguredModule | undefined): ProviderModel['create'] =>
    async () => {
      const settings = await settingsOf(configured, container)
      const reading = await readConfig(config as Class<object>, environment, settings)
      const diagnostics = checkConfig([reading], environment)
      if (diagnostics.length > 0) throw new StartRefused(diagnostics)
      for (const secret of reading.secrets) log.registerSecret(secret)
      return reading.config
    }
}

async function settingsOf(
  configured: ConfiguredModule | undefined,
  container: () => Container | undefined,
): Promise<object> {
  const settings = configured?.settings
  if (typeof settings !== 'function') return settings ?? {}
  const resolve = <T>(token: InjectionToken<T>): Promise<T> => (container() as Container).resolve(token)
  return (settings as (resolve: unknown) => object)(resolve)
}
