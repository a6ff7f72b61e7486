/** The `tenon` tool: reads a line, runs the command it names, prints the answer, and says what the process ends with. */
import { resolve } from 'node:path'

import { CommandUnknown } from './cli-errors.ts'
import { CommandResult } from './command-result.ts'
import { contributedShapes, inputOf, shapeOf } from './contributed-command.ts'
import { EXIT } from './exit-codes.ts'
import { parseLine, printHelp } from './parse-line.ts'
import { describeFailure, exitCodeOf, printFailure } from './print-failure.ts'
import { Progress } from './progress.ts'
import { Project } from './project.ts'
import { FURTHER_PROCESSES } from './further-processes.ts'
import { findCommand, readWords, type FoundCommand, type Words } from './read-words.ts'
import { commandsOf, runCommand } from './run-command.ts'
import { ToolCall, type ToolCommand } from './tool-command.ts'
import { TOOL_COMMANDS } from './tool-commands.ts'
import { painter, processIo, type ToolIo } from './tool-io.ts'

/** Commands of the tool that modules add verbs to. The program is read to find them, so they are few. */
const EXTENDABLE: ReadonlySet<string> = new Set(['test'])

/**
 * Runs one line.
 * @param argv - What follows `tenon`.
 * @returns the exit code (see `EXIT`); `undefined` when the process goes on as what was asked for.
 */
export async function main(argv: readonly string[], io: ToolIo = processIo()): Promise<number | undefined> {
  const further = FURTHER_PROCESSES[argv[0] ?? '']
  if (further) {
    await (
      await further()
    )(...argv.slice(1))
    return undefined
  }
  const words = readWords(argv)
  try {
    const result = await run(words, io)
    if (result === undefined) return EXIT.ok
    print(result, words, io)
    return result.exitCode
  } catch (error) {
    if (words.json) io.output.write(`${JSON.stringify({ error: describeFailure(error) }, undefined, 2)}\n`)
    else io.errors.write(`${printFailure(error, io)}\n`)
    return exitCodeOf(error)
  }
}

async function run(words: Words, io: ToolIo): Promise<CommandResult | undefined> {
  const cwd = resolve(io.cwd, words.cwd ?? '.')
  await using project = new Project({ io, cwd, app: words.app })
  io.enter(project.folder)
  const line = words.version ? ['version'] : words.words.length === 0 ? ['help'] : words.words
  const own = findCommand(line, (name) => Object.hasOwn(TOOL_COMMANDS, name))
  if (!own || (await isExtended(own, project))) return await runContributed(line, words, { io, project })
  const command = await TOOL_COMMANDS[own.name]!()
  if (words.help) return helpOf(command, io)
  return await command.run(new ToolCall(command, parseLine(command, own.rest), { io, project, isJson: words.json }))
}

/** Whether a module has a verb for it: `test tenancy` is its proof, and `test tickets` the tests that match. */
async function isExtended({ name, rest: [verb] }: FoundCommand, project: Project): Promise<boolean> {
  if (!EXTENDABLE.has(name) || verb === undefined || verb.startsWith('-')) return false
  const { commands } = await contributedShapes(project)
  return commands.some((each) => each.name === `${name}:${verb}`)
}

/** A command of the application or one of its modules. */
async function runContributed(
  line: readonly string[],
  words: Words,
  { io, project }: { readonly io: ToolIo; readonly project: Project },
): Promise<CommandResult> {
  const known = commandsOf(await programFor(line, project))
  const found = findCommand(line, (name) => known.has(name))
  if (!found) throw new CommandUnknown(line.slice(0, 2).join(' '), [...Object.keys(TOOL_COMMANDS), ...known.keys()])
  const endpoint = known.get(found.name)!
  const shape = shapeOf(endpoint)
  if (words.help) return helpOf(shape, io)
  const parsed = parseLine(shape, found.rest)
  const progress = new Progress(io, words.json)
  const input = { ...inputOf(parsed), onProgress: progress.tell.bind(progress) }
  try {
    if (endpoint.command?.starts) return await (await project.application()).run(found.name, input)
    return await runCommand(await project.built(), found.name, input)
  } finally {
    progress.end()
  }
}

/** Where there is no application either, the word was wrong rather than the folder. */
async function programFor(line: readonly string[], project: Project): ReturnType<Project['program']> {
  try {
    project.locate()
  } catch (error) {
    throw new CommandUnknown(line[0]!, Object.keys(TOOL_COMMANDS)).causedBy(error)
  }
  return project.program()
}

function helpOf(
  shape: Pick<ToolCommand, 'name' | 'description' | 'arguments' | 'options' | 'examples'>,
  io: ToolIo,
): CommandResult {
  const { name, description, arguments: args, options, examples } = shape
  return new CommandResult({
    data: { name, description, arguments: args, options, examples },
    text: printHelp(shape, painter(io.output)),
  })
}

function print({ data, text }: CommandResult, { json }: Words, io: ToolIo): void {
  if (json && data !== undefined) io.output.write(`${JSON.stringify(data, undefined, 2)}\n`)
  else if (!json && text !== '') io.output.write(text.endsWith('\n') ? text : `${text}\n`)
}
