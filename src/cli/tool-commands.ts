/** Every command of the tool itself. A line loads the one it names, and nothing else. */
import type { ToolCommand } from './tool-command.ts'

export const TOOL_COMMANDS: Readonly<Record<string, () => Promise<ToolCommand>>> = {
  bench: async () => (await import('./commands/bench.ts')).bench,
  build: async () => (await import('./commands/build.ts')).build,
  check: async () => (await import('./commands/check.ts')).check,
  completion: async () => (await import('./commands/completion.ts')).completion,
  config: async () => (await import('./commands/config.ts')).config,
  console: async () => (await import('./commands/console.ts')).repl,
  destroy: async () => (await import('./commands/destroy.ts')).destroy,
  dev: async () => (await import('./commands/dev.ts')).dev,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  explain: async () => (await import('./commands/explain.ts')).explain,
  g: async () => (await import('./commands/generate.ts')).g,
  generate: async () => (await import('./commands/generate.ts')).generate,
  graph: async () => (await import('./commands/graph.ts')).graph,
  help: async () => (await import('./commands/help.ts')).help,
  info: async () => (await import('./commands/info.ts')).info,
  new: async () => (await import('./commands/new.ts')).newProject,
  routes: async () => (await import('./commands/routes.ts')).routes,
  start: async () => (await import('./commands/start.ts')).start,
  test: async () => (await import('./commands/test.ts')).test,
  version: async () => (await import('./commands/version.ts')).version,
  why: async () => (await import('./commands/why.ts')).why,
}
