import type { LogRecord } from '../../../src/logging/log-record.ts'
import { Redactor } from '../../../src/logging/redact.ts'
import { renderJson } from '../../../src/logging/render-json.ts'
import { renderPretty } from '../../../src/logging/render-pretty.ts'

const TIME = new Date(2026, 0, 31, 14, 3, 7, 12)

function recordOf(fields: object = {}, rest: Partial<LogRecord> = {}): LogRecord {
  const copied = new Redactor().fields(fields)
  return { time: TIME, level: 'info', message: 'Ticket created.', logger: 'TicketsService', fields: copied, ...rest }
}

describe('renderJson', () => {
  it('puts time, level, message, logger and requestId before the other fields', () => {
    const line = renderJson(recordOf({ id: 7, requestId: 'r1' }))

    expect(line).toBe(
      `{"time":"${TIME.toISOString()}","level":"info","message":"Ticket created.","logger":"TicketsService","requestId":"r1","id":7}`,
    )
  })

  it('leaves out what there is not, and keeps line breaks inside the line', () => {
    const line = renderJson(recordOf({}, { logger: undefined, message: 'a\nb' }))

    expect(line).toBe(`{"time":"${TIME.toISOString()}","level":"info","message":"a\\nb"}`)
  })

  it('lets no field replace what the line says of itself', () => {
    const line = JSON.parse(renderJson(recordOf({ level: 'debug', message: 'forged', a: 1 }))) as object

    expect(line).toMatchObject({
      level: 'info',
      message: 'Ticket created.',
      a: 1,
      fields: { level: 'debug', message: 'forged' },
    })
  })
})

describe('renderPretty', () => {
  it('writes one line, without colours where there are none', () => {
    expect(renderPretty(recordOf({ id: 7, name: 'two words', empty: '', list: [1], none: null }), false)).toBe(
      '14:03:07.012 INFO  TicketsService Ticket created. id=7 name="two words" empty="" list=[1] none=null',
    )
    expect(renderPretty(recordOf({}, { logger: undefined, level: 'error' }), false)).toBe(
      '14:03:07.012 ERROR Ticket created.',
    )
  })

  it('colours level, time and name where a terminal shows them', () => {
    const line = renderPretty(recordOf(), true)

    expect(line).toContain('\u001b[32mINFO \u001b[39m')
    expect(line).toContain('\u001b[36mTicketsService\u001b[39m')
  })

  it('indents the stack of an error, with what it carries, and its causes further in', () => {
    const error = Object.assign(new Error('outer', { cause: new TypeError('inner', { cause: 'why' }) }), {
      code: 'E_1',
    })

    const lines = renderPretty(recordOf({ error }), false).split('\n')

    expect(lines[0]).toBe('14:03:07.012 INFO  TicketsService Ticket created.')
    expect(lines[1]).toBe('    error: Error: outer')
    expect(lines[2]).toMatch(/^ {8}at .*render\.test/)
    expect(lines).toContain('        code=E_1')
    expect(lines).toContain('        cause: TypeError: inner')
    expect(lines).toContain('            cause: why')
    expect(lines.slice(1).every((line) => line.startsWith('    '))).toBe(true)
  })

  it('shows an error without a stack by name and message', () => {
    const error = Object.assign(new Error('outer'), { stack: '' })

    expect(renderPretty(recordOf({ error }), false).split('\n')[1]).toBe('    error: Error: outer')
  })

  it('lets neither message nor field nor error forge a line or steer the terminal', () => {
    const evil = 'a\n14:03:07.012 ERROR forged\u001b[2J\u009b\r\u2028'
    const error = Object.assign(new Error(evil), { stack: `Error: ${evil}` })

    const text = renderPretty(recordOf({ [evil]: evil, error }, { message: evil, logger: evil }), false)

    for (const character of ['\u001b', '\u009b', '\r', '\u2028']) expect(text).not.toContain(character)
    expect(
      text
        .split('\n')
        .slice(1)
        .every((line) => line.startsWith('    ')),
    ).toBe(true)
  })
})
