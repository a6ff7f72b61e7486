/** Values of the configuration that are missing or cannot be read: found for all config classes before any is built. */
import { CONFIG, type Class } from '../../../decorators/index.ts'
import { checkConfig } from '../../config/check-config.ts'
import { readConfig, type ConfigReading } from '../../config/read-config.ts'
import type { CheckInput, CheckRule } from '../check-rule.ts'

export const configValues: CheckRule = async (input) => {
  const readings = await Promise.all(configClasses(input).map((type) => read(type, input)))
  return checkConfig(
    readings.flatMap((reading) => reading ?? []),
    input.environment,
  )
}

function configClasses({ graph }: CheckInput): readonly Class<object>[] {
  const classes = graph.providers.flatMap(({ implementation }) => implementation ?? [])
  return [...new Set(classes)].filter((type): type is Class<object> => CONFIG.read(type) !== undefined)
}

/** Settings that a function makes out of other providers are known, and checked, only while these are built. */
async function read(type: Class<object>, { environment, configured }: CheckInput): Promise<ConfigReading | undefined> {
  const settings = [...configured.values()].find((each) => each.config === type)?.settings
  return typeof settings === 'function' ? undefined : readConfig(type, environment, settings)
}
