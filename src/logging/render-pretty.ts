/** A record for people: `14:03:07.512 INFO  TicketsService Ticket created id=7`, errors indented below. */
import { styleText } from 'node:util'

import type { LogLevel } from './logger.ts'
import type { LogRecord } from './log-record.ts'
import type { Loggable } from './redact.ts'

type Style = Parameters<typeof styleText>[0]
type LoggableRecord = { readonly [name: string]: Loggable }

const LEVEL_STYLES: Readonly<Record<LogLevel, Style>> = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' }
const INDENT = '    '

/** @param hasColour - Whether the place it goes to shows colours. */
export function renderPretty({ time, level, message, logger, fields }: LogRecord, hasColour: boolean): string {
  const paint = (style: Style, text: string): string =>
    hasColour ? styleText(style, text, { validateStream: false }) : text
  const errors = Object.entries(fields).filter((entry): entry is [string, LoggableRecord] => isError(entry[1]))
  // What the message says already is not said twice: `GET /tickets 200` needs no `status=200`.
  const said = new Set(message.split(' '))
  const plain = Object.entries(fields).filter(([, value]) => !isError(value) && !said.has(textOf(value)))
  const line = [
    paint('dim', clock(time)),
    paint(LEVEL_STYLES[level], level.toUpperCase().padEnd(5)),
    ...(logger === undefined ? [] : [paint('cyan', visible(logger))]),
    visible(message),
    ...plain.map(([name, value]) => paint('dim', `${visible(name)}=${fieldText(value)}`)),
  ].join(' ')
  return [line, ...errors.flatMap(([name, error]) => errorLines(name, error, INDENT))].join('\n')
}

function clock(time: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`
}

/** Line breaks and control characters as escapes: a message can neither forge a line nor steer a terminal. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function fieldText(value: Loggable): string {
  return visible(typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value))
}

function isError(value: Loggable | undefined): value is LoggableRecord {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value
}

/** The stack, then what else the error carries, then its cause, one step further in. */
function errorLines(name: string, error: LoggableRecord, indent: string): readonly string[] {
  const { name: errorName, message, stack, cause, ...others } = error
  const [first = '', ...frames] = textOf(stack).split('\n')
  const heading = first === '' ? `${textOf(errorName)}: ${textOf(message)}` : first
  return [
    `${indent}${visible(name)}: ${visible(heading)}`,
    ...frames.map((frame) => `${indent}${INDENT}${visible(frame.trim())}`),
    ...Object.entries(others).map(([key, value]) => `${indent}${INDENT}${visible(key)}=${fieldText(value)}`),
    ...(isError(cause) ? errorLines('cause', cause, indent + INDENT) : []),
    ...(cause === undefined || isError(cause) ? [] : [`${indent}${INDENT}cause: ${fieldText(cause)}`]),
  ]
}

function textOf(value: Loggable | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
