/** `tenon new` */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

import { CommandResult } from '../command-result.ts'
import { EXIT } from '../exit-codes.ts'
import { ChoicesUnfit, FolderTaken, NameUnusable } from '../generate/generate-errors.ts'
import { formatNew } from '../generate/format-new.ts'
import { printTree } from '../generate/print-tree.ts'
import { openTemplates } from '../generate/templates.ts'
import { ask } from '../new/ask.ts'
import { AUTHS, DATABASES, SAMPLES, TEMPLATES, TENANCIES, type Answers, type Choices } from '../new/choices.ts'
import { envExample } from '../new/env-example.ts'
import { projectFiles } from '../new/project-files.ts'
import { unfitChoice } from '../new/unfit-choices.ts'
import { packageFolder, packageVersion } from '../own-package.ts'
import { runProgram } from '../run-program.ts'
import { toolCommand, type ToolCall } from '../tool-command.ts'
import { painter } from '../tool-io.ts'

export const newProject = toolCommand('new <name>', {
  description: 'Makes a project: sources, tests, lint, Docker, CI; installed, and ready to run',
  options: {
    '--template <name>': `${TEMPLATES.join(', ')}; api when nobody can be asked`,
    '--database <name>': `${DATABASES.join(', ')}; sqlite when nobody can be asked`,
    '--auth <who>': `who calls: ${AUTHS.join(', ')}; accounts in the template enterprise, else none`,
    '--tenancy <how>': `how tenants are kept apart: ${TENANCIES.join(', ')}; column in the template enterprise, else none`,
    '--yes': 'ask nothing',
    '--skip-install': 'leave npm install to you',
    '--skip-git': 'make no repository',
    '--tenon <spec>': 'what package.json asks for as tenon: a version, or file:../tenon.tgz',
  },
  examples: [
    'tenon new shop',
    'tenon new shop --yes --template api --database postgres',
    'tenon new shop --yes --auth accounts --tenancy column',
    'tenon new desk --template enterprise --yes',
  ],
  run: async (call) => {
    const folder = resolve(call.project.cwd, call.argument('name'))
    // Before anybody answers questions for nothing.
    if (existsSync(folder) && readdirSync(folder).length > 0) throw new FolderTaken(folder)
    const choices = await choose(call, basename(folder))
    if (choices === undefined) return new CommandResult({ data: null, text: '', exitCode: EXIT.interrupted })

    const files = projectFiles(choices, await openTemplates(), await envExample(choices))
    const all = [...files].map(([path, text]) => ({ file: join(folder, path), text }))
    for (const { file, text } of await formatNew(all, packageFolder())) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    const git = call.flag('skipGit')
      ? false
      : await isDone('git', ['init', '--quiet', '--initial-branch', 'main'], folder)
    if (!git && !call.flag('skipGit')) call.progress('git init failed: the project is no repository yet.')
    const installed = call.flag('skipInstall') ? false : await install(call, folder)
    const { name, template, database, auth, tenancy } = choices
    return new CommandResult({
      data: { folder, name, template, database, auth, tenancy, files: [...files.keys()], git, installed },
      text: print(call, { folder, choices, files: [...files.keys()], installed }),
      exitCode: call.flag('skipInstall') || installed ? EXIT.ok : EXIT.failed,
    })
  },
})

async function choose(call: ToolCall, name: string): Promise<Choices | undefined> {
  if (!/^[a-z][a-z\d-]{0,60}$/.test(name)) {
    throw new NameUnusable(name, 'a package has small letters, digits and dashes, and begins with a letter')
  }
  const given: Partial<Answers> = {
    ...pick(call, 'template', TEMPLATES),
    ...pick(call, 'database', DATABASES),
    ...pick(call, 'auth', AUTHS),
    ...pick(call, 'tenancy', TENANCIES),
  }
  const template = given.template ?? 'api'
  const isAsked = call.io.isInteractive && !call.flag('yes') && !call.isJson
  const answers = isAsked
    ? await ask(name, given, call.io)
    : { template, database: 'sqlite' as const, ...SAMPLES[template].byDefault, ...given }
  if (answers === undefined) return undefined
  const unfit = unfitChoice(answers)
  if (unfit) throw new ChoicesUnfit(unfit.choice, unfit.why, unfit.instead)
  return { name, tenon: call.option('tenon') ?? `^${packageVersion()}`, ...answers }
}

/** What was said by an option. @throws `CLI_OPTION_INVALID` */
function pick<T extends string>(call: ToolCall, option: string, values: readonly [T, ...T[]]): Record<string, T> {
  return call.option(option) === undefined ? {} : { [option]: call.oneOf(option, values) }
}

async function install(call: ToolCall, folder: string): Promise<boolean> {
  call.progress('Installing packages (npm install) …')
  return isDone(
    'npm',
    ['install', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error', '--prefer-offline'],
    folder,
  )
}

async function isDone(program: string, args: readonly string[], cwd: string): Promise<boolean> {
  return (await runProgram(program, args, { cwd })) === 0
}

function print(
  call: ToolCall,
  {
    folder,
    choices,
    files,
    installed,
  }: {
    readonly folder: string
    readonly choices: Choices
    readonly files: readonly string[]
    readonly installed: boolean
  },
): string {
  const paint = painter(call.io.output)
  const leaves = files.map((path) => ({ path, word: '', style: 'green' as const }))
  const path = relative(call.project.cwd, folder) || '.'
  const next = [
    `cd ${path}`,
    ...(installed ? [] : ['npm install']),
    ...(choices.database === 'sqlite' ? [] : ['docker compose up -d database']),
    'npm run dev',
  ]
  return `${printTree(leaves, paint)}\n\nNext:\n${next.map((line) => `  ${paint('cyan', line)}`).join('\n')}`
}
