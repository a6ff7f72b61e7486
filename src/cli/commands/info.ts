/** `tenon info`: what to add to a question or a bug report. */
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { relative } from 'node:path'

import { CommandResult } from '../command-result.ts'
import { readManifest } from '../locate-app.ts'
import { packageFolder, packageVersion } from '../own-package.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'

export const info = toolCommand('info', {
  description: 'Versions, machine, and what the application consists of; nothing secret',
  examples: ['tenon info', 'tenon info --json'],
  run: async (call) => {
    const { folder } = call.project
    const manifest = readManifest(folder) as { readonly name?: string } & Readonly<Record<string, unknown>>
    const dependencies = { ...(manifest['dependencies'] as object), ...(manifest['devDependencies'] as object) }
    const wanted = ['typescript', 'typeorm', 'pg', 'mysql2', 'redis', '@swc/core', 'ts-morph', 'jest']
    const data = {
      tenon: packageVersion(),
      node: process.versions.node,
      platform: `${platform()} ${release()} ${arch()}`,
      cpus: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      project: { name: manifest.name ?? '(no package.json)', folder },
      packages: Object.fromEntries(Object.entries(dependencies).filter(([name]) => wanted.includes(name))),
      application: await describeApplication(call),
    }
    const rows = [
      ['tenon', `${data.tenon} (${relative(folder, packageFolder()) || 'this package'})`],
      ['node', data.node],
      ['machine', `${data.platform}, ${data.cpus} processors, ${data.memoryGb} GB`],
      ['project', `${data.project.name} in ${folder}`],
      [
        'packages',
        Object.entries(data.packages)
          .map(([name, version]) => `${name} ${String(version)}`)
          .join(', '),
      ],
      ['application', data.application.text],
    ] as const
    return new CommandResult({ data, text: rows.map(([left, right]) => `${left.padEnd(12)} ${right}`).join('\n') })
  },
})

/** Without an application, or with one that does not load, the rest is still worth knowing. */
async function describeApplication({ project }: ToolCall): Promise<{ readonly text: string }> {
  try {
    const { graph, environment } = await project.program()
    const counts = {
      environment: environment.name,
      modules: graph.modules.length,
      providers: graph.providers.length,
      routes: graph.endpoints.filter(({ route }) => route).length,
      commands: graph.endpoints.filter(({ command }) => command).length,
    }
    const text = `${counts.modules} modules, ${counts.providers} providers, ${counts.routes} routes, ${counts.commands} commands (${counts.environment})`
    return { ...counts, text }
  } catch (error) {
    return { text: (error as Error).message }
  }
}
