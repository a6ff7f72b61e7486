/** From words to a command's arguments and options, and its help: commander, one command at a time. */
import { Command, CommanderError, Option } from 'commander'

import { CliUsageInvalid } from './cli-errors.ts'
import type { CommandShape, ParsedLine } from './command-shape.ts'
import { EXIT_CODES_TEXT } from './exit-codes.ts'
import type { Paint } from './tool-io.ts'

/** Taken by every command, wherever they stand on the line. */
export const COMMON_OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ['--json', 'answer as JSON'],
  ['--app <file>', "the application's module, instead of package.json and conventions"],
  ['--cwd <folder>', 'run as if called there'],
]

/**
 * Reads what follows the command's name.
 * @throws `CLI_USAGE_INVALID`
 */
export function parseLine(shape: CommandShape, words: readonly string[]): ParsedLine {
  const command = commanderOf(shape)
  try {
    command.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw new CliUsageInvalid(shape.name, sentenceOf(error.message))
  }
  const values = command.processedArgs as readonly (string | string[] | undefined)[]
  return {
    arguments: Object.fromEntries(shape.arguments.map(({ name }, index) => [name, values[index]])),
    options: command.opts(),
  }
}

/** What `--help` prints. */
export function printHelp(shape: CommandShape, paint: Paint): string {
  const command = commanderOf(shape).configureHelp({
    styleTitle: (text) => paint('bold', text),
    styleCommandText: (text) => paint('cyan', text),
    styleOptionText: (text) => paint('cyan', text),
    styleArgumentText: (text) => paint('cyan', text),
  })
  const examples = shape.examples.map((line) => `  ${paint('dim', '$')} ${line}`).join('\n')
  return [
    command.helpInformation().trimEnd(),
    ...(examples === '' ? [] : [`${paint('bold', 'Examples:')}\n${examples}`]),
    `${paint('bold', 'Exit codes:')} ${EXIT_CODES_TEXT}`,
  ].join('\n\n')
}

function commanderOf({ name, description, arguments: args, options }: CommandShape): Command {
  const command = new Command(`tenon ${name.replace(':', ' ')}`)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    // What is wrong is told in the words of all other errors.
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
  for (const argument of args) {
    const inner = argument.many ? `${argument.name}...` : argument.name
    command.argument(argument.required ? `<${inner}>` : `[${inner}]`)
  }
  for (const { flags, description: text } of options) command.addOption(new Option(flags, text))
  for (const [flags, text] of COMMON_OPTIONS) command.addOption(new Option(flags, text))
  return command
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` */
function sentenceOf(message: string): string {
  const [what = '', near] = message.replace(/^error: /, '').split('\n')
  return near === undefined ? what : `${what}. ${near.replace(/[()]/g, '')}`
}
