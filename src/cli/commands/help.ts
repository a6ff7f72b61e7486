/** `tenon help`: every command there is, those of the project among them. */
import { CommandUnknown } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import type { CommandShape } from '../command-shape.ts'
import { contributedShapes } from '../contributed-command.ts'
import { EXIT_CODES_TEXT } from '../exit-codes.ts'
import { COMMON_OPTIONS, printHelp } from '../parse-line.ts'
import { printPairs } from '../print-pairs.ts'
import { findCommand } from '../read-words.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'
import { TOOL_COMMANDS } from '../tool-commands.ts'
import { painter, roomOf, type Paint } from '../tool-io.ts'

export const help = toolCommand('help [command...]', {
  description: 'All commands, or one of them',
  examples: ['tenon help', 'tenon help db migrate'],
  run: async (call) => {
    const paint = painter(call.io.output)
    const own = await Promise.all(Object.values(TOOL_COMMANDS).map((load) => load()))
    const room = roomOf(call.io.output)
    const asked = call.list('command')
    if (asked.length > 0) return helpOfOne(asked, own, call, paint)
    const contributed = await contributedShapes(call.project)
    const text = [
      `${paint('bold', 'Usage:')} tenon <command> [arguments] [options]`,
      section('Commands:', own, paint, room),
      ...(contributed.commands.length > 0
        ? [section('Commands of this project and its modules:', contributed.commands, paint, room)]
        : []),
      ...(contributed.reason === undefined ? [] : [paint('dim', contributed.reason)]),
      `${paint('bold', 'Every command takes:')}\n${printPairs(COMMON_OPTIONS, paint, room)}`,
      `${paint('bold', 'Exit codes:')} ${EXIT_CODES_TEXT}`,
    ]
    return new CommandResult({
      data: { commands: own.map(dataOf), contributed: contributed.commands.map(dataOf) },
      text: text.join('\n\n'),
    })
  },
})

async function helpOfOne(
  asked: readonly string[],
  own: readonly CommandShape[],
  call: ToolCall,
  paint: Paint,
): Promise<CommandResult> {
  const find = (shapes: readonly CommandShape[]): CommandShape | undefined => {
    const found = findCommand(asked, (name) => shapes.some((shape) => shape.name === name))
    return shapes.find((shape) => shape.name === found?.name)
  }
  const shape = find(own)
  // What follows may be a verb that a module adds: `test tenancy`.
  if (shape && asked.length === 1) return helpText(shape, paint)
  const { commands } = await contributedShapes(call.project)
  const found = find(commands) ?? shape
  if (found) return helpText(found, paint)
  throw new CommandUnknown(
    asked.join(' '),
    [...own, ...commands].map(({ name }) => name),
  )
}

function helpText(shape: CommandShape, paint: Paint): CommandResult {
  return new CommandResult({ data: dataOf(shape), text: printHelp(shape, paint) })
}

function section(title: string, shapes: readonly CommandShape[], paint: Paint, room: number | undefined): string {
  const rows = shapes
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((shape) => [usageOf(shape), shape.description] as const)
  return `${paint('bold', title)}\n${printPairs(rows, paint, room)}`
}

function usageOf({ name, arguments: args }: CommandShape): string {
  const parts = args.map((each) => {
    const inner = each.many ? `${each.name}...` : each.name
    return each.required ? `<${inner}>` : `[${inner}]`
  })
  return [name.replace(':', ' '), ...parts].join(' ')
}

function dataOf({ name, description, arguments: args, options, examples }: CommandShape): CommandShape {
  return { name, description, arguments: args, options, examples }
}
