/** The effective settings of a program: every configuration class that takes part, as the start would read it. */
import { CONFIG, type Class } from '../../decorators/index.ts'
import type { Program } from '../application/program.ts'
import { readConfig, type ConfigReading } from '../config/read-config.ts'

/** Settings that a function computes are known only when the application runs; until then the rest counts. */
export async function readSettings({ graph, environment, configured }: Program): Promise<readonly ConfigReading[]> {
  const classes = graph.providers.flatMap(({ implementation }) =>
    implementation && CONFIG.read(implementation) !== undefined ? [implementation as Class<object>] : [],
  )
  return Promise.all(
    [...new Set(classes)].map((type) => {
      const settings = [...configured.values()].find((each) => each.config === type)?.settings
      return readConfig(type, environment, typeof settings === 'object' ? settings : {})
    }),
  )
}
