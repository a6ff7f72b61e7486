import { readConfig } from '../../../src/config/read-config.ts'
import { Environment } from '../../../src/config/read-environment.ts'
import { LogConfig } from '../../../src/logging/log-config.ts'

describe('LogConfig', () => {
  it.each([
    ['production', 'info', 'json'],
    ['development', 'info', 'pretty'],
    ['test', 'warn', 'pretty'],
    ['staging', 'info', 'pretty'],
  ])('in %s writes from %s on, as %s', async (name, level, format) => {
    const { config, problems } = await readConfig(LogConfig, new Environment(name, {}))

    expect(problems).toEqual([])
    expect(config).toEqual({ level, format, file: undefined })
  })

  it('refuses levels and formats it does not know', async () => {
    const { problems } = await readConfig(LogConfig, new Environment('test', { LOG_LEVEL: 'loud', LOG_FORMAT: 'xml' }))

    expect(problems.map(({ reason }) => reason)).toEqual([
      'is not one of debug, info, warn, error, silent: "loud"',
      'is not one of json, pretty: "xml"',
    ])
  })
})
