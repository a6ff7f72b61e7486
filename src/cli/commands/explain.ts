/** `tenon explain`: everything around one endpoint, or what an error code means. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Class } from '../../../decorators/index.ts'
import { nearestName } from '../../config/nearest-name.ts'
import { printLocation, sourceOf } from '../../errors/source-location.ts'
import { describeEndpoint, type EndpointParameter } from '../../pipeline/endpoint.ts'
import { CliQuestionUnknown } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import { chainIn, describeRoute } from '../describe-route.ts'
import { findEndpoint, nearestEndpoint } from '../find-endpoint.ts'
import { packageFolder } from '../own-package.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'
import { painter } from '../tool-io.ts'

const CODE = /^[A-Z]+(?:_[A-Z]+)+$/

export const explain = toolCommand('explain <endpoint...>', {
  description: 'The whole chain of one endpoint, link by link; or what an error code means',
  examples: ['tenon explain GET /api/tickets/:id', 'tenon explain TicketsController.list', 'tenon explain APP_CLOSED'],
  run: async (call) => {
    const asked = call.argument('endpoint')
    return CODE.test(asked) ? explainCode(asked) : explainEndpoint(asked, call)
  },
})

async function explainEndpoint(asked: string, { project, io }: ToolCall): Promise<CommandResult> {
  const program = await project.built()
  const endpoint = findEndpoint(program.graph, asked)
  if (!endpoint) {
    throw new CliQuestionUnknown(asked, 'handler, route or command', nearestEndpoint(program.graph, asked) ?? '')
  }
  const { links, skipped } = chainIn(program, endpoint)
  const chain = links.map(({ at, ...link }) => ({ ...link, at: at ? printLocation(sourceOf(at)) : undefined }))
  const left = skipped.map(({ at, ...each }) => ({ ...each, at: printLocation(sourceOf(at)) }))
  const binding = endpoint.parameters.map(describeParameter)
  const data = { ...describeRoute(program, endpoint), chain, skipped: left, binding }
  const paint = painter(io.output)
  const rows = chain.flatMap(({ phase, order, name, level, description, at }) => [
    `  ${paint('cyan', phase.padEnd(12))} ${paint('bold', name)}${order === 0 ? '' : ` (order ${order})`}`,
    ...(description.does === undefined ? [] : [`               ${description.does}`]),
    `               ${paint('dim', `${level}${at === undefined ? '' : `, ${at}`}`)}`,
  ])
  const text = [
    `${paint('bold', describeEndpoint(endpoint))}  ${endpoint.name}  ${paint('dim', data.at)}`,
    '',
    ...(rows.length === 0 ? ['  No interceptor takes part.'] : rows),
    ...(binding.length === 0 ? [] : [`  ${paint('cyan', 'validate'.padEnd(12))} binds ${binding.join(', ')}`]),
    `  ${paint('cyan', 'handler'.padEnd(12))} ${endpoint.name}`,
    ...left.map((each) => `\n  left out: ${each.name}, "${each.reason}" (${each.at})`),
  ]
  return new CommandResult({ data, text: text.join('\n') })
}

/** The section of docs/errors.md, which the package brings along. */
function explainCode(code: string): CommandResult {
  const sections = readFileSync(join(packageFolder(), 'docs', 'errors.md'), 'utf8')
    .split(/^### /m)
    .slice(1)
  const codes = sections.map((section) => section.split('\n', 1)[0]!)
  const found = sections[codes.indexOf(code)]
  if (found === undefined) throw new CliQuestionUnknown(code, 'error code', nearestName(code, codes) ?? '')
  const text = found.split(/^## /m)[0]!.trim()
  return new CommandResult({ data: { code, text: text.slice(code.length).trim() }, text })
}

/** `@Param('id') id: Number` without the name that was erased. */
function describeParameter({ source, type, index }: EndpointParameter): string {
  const typeName = typeof type === 'function' ? (type as Class).name : 'anything'
  if (!source) return `parameter ${index + 1} from nowhere`
  return 'name' in source && source.name !== undefined
    ? `${source.kind} ${source.name}: ${typeName}`
    : `${source.kind}: ${typeName}`
}
