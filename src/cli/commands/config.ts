/** `tenon config` */
import { describeConfig, printConfig } from '../../config/print-config.ts'
import type { ConfigReading } from '../../config/read-config.ts'
import { CommandResult } from '../command-result.ts'
import { readSettings } from '../read-settings.ts'
import { toolCommand } from '../tool-command.ts'

export const config = toolCommand('config [section]', {
  description: 'Every setting with its effective value and where that comes from; secrets are masked',
  options: { '--env-example': 'a .env.example file with every variable instead' },
  examples: ['tenon config', 'tenon config http --json', 'tenon config --env-example > .env.example'],
  run: async (call) => {
    const section = call.argument('section')
    const readings = (await readSettings(await call.project.program())).filter(
      (each) => section === '' || each.section === section,
    )
    if (call.flag('envExample')) return envExample(readings)
    return new CommandResult({ data: describeConfig(readings), text: printConfig(readings) || 'No such section.' })
  },
})

/** Every variable that means something here, commented out: what is not set has its default. */
function envExample(readings: readonly ConfigReading[]): CommandResult {
  const blocks = readings.map(({ section, values }) => {
    const lines = values.flatMap(({ variable, description, value, origin, isSecret }) =>
      // Names with a star stand for many: there is no one line for them.
      variable === undefined || variable.includes('*')
        ? []
        : [
            ...(description === undefined ? [] : [`# ${description}`]),
            `#${variable}=${origin === 'default' && !isSecret ? asWritten(value) : ''}`,
          ],
    )
    return lines.length === 0 ? [] : [`## ${section}\n${lines.join('\n')}`]
  })
  const text = blocks.flat().join('\n\n')
  return new CommandResult({ data: { text }, text })
}

/** As it would have to stand in the file. */
function asWritten(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  return /[\s#'"]/.test(text) ? JSON.stringify(text) : text
}
