/** A `@Command` of an application or module, as the tool sees it. */
import { emittedType, type AbstractClass } from '../../decorators/index.ts'
import type { Endpoint, EndpointParameter } from '../pipeline/endpoint.ts'
import { describedProperties } from '../validation/validation-metadata.ts'
import type { CommandInput } from './command-context.ts'
import { commandsOf } from './run-command.ts'
import type { Project } from './project.ts'
import type { CommandShape, OptionShape, ParsedLine } from './command-shape.ts'

/** The shape of a command endpoint: arguments by its usage, options by its `@Query` parameters and the fields of DTOs. */
export function shapeOf({ command, parameters }: Endpoint): CommandShape {
  const { name, description, arguments: args, options, examples } = command!
  const fields = parameters.flatMap(optionFields)
  return {
    name,
    description,
    arguments: args,
    examples,
    options: fields.map(([field, type]) => optionOf(field, type, options[field] ?? '')),
  }
}

/** Commands of the project; without an application, or with one that does not load, none and the reason. */
export async function contributedShapes(
  project: Project,
): Promise<{ readonly commands: readonly CommandShape[]; readonly reason?: string }> {
  try {
    project.locate()
  } catch {
    return { commands: [], reason: 'There is no application here; in a project its own commands are listed too.' }
  }
  try {
    return { commands: [...commandsOf(await project.program()).values()].map(shapeOf) }
  } catch (error) {
    return { commands: [], reason: `Commands of this project are not listed: ${(error as Error).message}` }
  }
}

/** What the endpoint's own binding reads: texts, and `'true'` for options without a value. */
export function inputOf({ arguments: args, options }: ParsedLine): CommandInput {
  return {
    arguments: args,
    options: Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, typeof value === 'boolean' ? String(value) : value]),
    ),
  }
}

type Field = readonly [name: string, type: unknown]

function optionFields({ source, type }: EndpointParameter): readonly Field[] {
  if (source?.kind !== 'query') return []
  if (source.name !== undefined) return [[source.name, type]]
  if (typeof type !== 'function') return []
  const dto = type as AbstractClass
  return describedProperties(dto).map((property) => [property, emittedType(dto, property)])
}

function optionOf(name: string, type: unknown, description: string): OptionShape {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (type === Boolean) return { flags: flag, description }
  if (type === Array) return { flags: `${flag} <values...>`, description }
  return { flags: `${flag} <${type === Number ? 'number' : 'value'}>`, description }
}
