import { PassThrough } from 'node:stream'

import { LogControl } from '../../../src/logging/log-control.ts'
import type { LogRecord } from '../../../src/logging/log-record.ts'
import { WinstonLogger } from '../../../src/logging/winston-logger.ts'
import type { CallContext } from '../../../src/pipeline/context.ts'

function open(control: LogControl): { readonly logger: WinstonLogger; readonly text: () => Promise<string> } {
  const output = new PassThrough()
  const logger = new WinstonLogger({ level: 'info', format: 'json', output, onRecord: control.tell })
  control.connect(logger)
  return {
    logger,
    text: async () => {
      await logger.close()
      return String(output.read() ?? '')
    },
  }
}

describe('LogControl', () => {
  it('moves the level of the log while it runs', async () => {
    const control = new LogControl()
    const { logger, text } = open(control)

    logger.debug('one')
    control.setLevel('debug')
    logger.debug('two')
    control.setLevel('silent')
    logger.error('three')

    expect(control.level).toBe('silent')
    expect(logger.isEnabled('error')).toBe(false)
    expect([...(await text()).matchAll(/"message":"(\w+)"/g)].map(([, message]) => message)).toEqual(['two'])
  })

  it('refuses levels that there are not, and logs that are not its own', () => {
    const control = new LogControl()

    expect(() => control.setLevel('loud')).toThrow('"loud" is no level of the log.')
    expect(() => control.setLevel('debug')).toThrow('does not know how to change its level')
    expect(control.level).toBeUndefined()
  })

  it('lets others read along what is written, without its secrets, until they stop', () => {
    const control = new LogControl()
    const { logger } = open(control)
    const records: LogRecord[] = []
    const stop = control.listen((record) => records.push(record))

    logger.info('told', { password: 'hunter2', amount: 3 })
    logger.debug('too quiet')
    stop()
    logger.info('later')

    expect(records).toMatchObject([{ level: 'info', message: 'told', fields: { amount: 3 } }])
    expect(JSON.stringify(records)).not.toContain('hunter2')
  })

  it('collects the fields of calls from all its sources, of which the later ones win', () => {
    const control = new LogControl()
    const call = { id: 'one' } as CallContext
    expect(control.fieldsOf(call)).toBeUndefined()

    control.addCallFields(({ id }) => ({ id, source: 'first' }))
    expect(control.fieldsOf(call)).toEqual({ id: 'one', source: 'first' })

    control.addCallFields(() => ({ source: 'second' }))
    control.addCallFields(() => undefined)
    expect(control.fieldsOf(call)).toEqual({ id: 'one', source: 'second' })
  })
})
