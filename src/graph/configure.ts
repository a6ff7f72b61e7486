/** The body of a module's `static with`. */
import { callSite, type Class, type ConfiguredModule, type Resolve } from '../../decorators/index.ts'

/** Settings given in code: some fields of a config class, or a function that makes them from other providers. */
export type SettingsOf<C> = Partial<C> | ((resolve: Resolve) => Partial<C> | Promise<Partial<C>>)

/**
 * A module with settings.
 * @param config - The module's `@Config` class; fields not given are still read from the environment.
 * @example `static with(settings: SettingsOf<MailConfig>) { return configure(MailModule, MailConfig, settings) }`
 */
export function configure<C extends object>(
  module: Class,
  config: Class<C>,
  settings: SettingsOf<C>,
): ConfiguredModule {
  // Past this function and the `with` that calls it.
  return { module, config, settings, at: callSite(2) }
}
