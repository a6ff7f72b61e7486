/** `tenon completion` */
import { CommandResult } from '../command-result.ts'
import type { CommandShape } from '../command-shape.ts'
import { COMMON_OPTIONS } from '../parse-line.ts'
import { contributedShapes } from '../contributed-command.ts'
import { CliOptionInvalid } from '../cli-errors.ts'
import { toolCommand } from '../tool-command.ts'
import { TOOL_COMMANDS } from '../tool-commands.ts'

export const completion = toolCommand('completion <shell>', {
  description: 'A script that completes commands and options, those of the project among them: bash, zsh or fish',
  examples: ['tenon completion bash > ~/.tenon-completion && echo "source ~/.tenon-completion" >> ~/.bashrc'],
  run: async (call) => {
    const own = await Promise.all(Object.values(TOOL_COMMANDS).map((load) => load()))
    const shapes = [...own, ...(await contributedShapes(call.project)).commands]
    const shell = call.argument('shell')
    const print = PRINTERS[shell]
    if (!print) throw new CliOptionInvalid('completion', 'shell', shell, 'bash, zsh or fish')
    const text = print(wordsOf(shapes))
    return new CommandResult({ data: { shell, script: text }, text })
  },
})

/** What may follow: verbs after a noun, options after a command. */
interface Words {
  readonly first: readonly string[]
  /** By the words before: `db`, `db status`, `routes`. */
  readonly next: ReadonlyMap<string, readonly string[]>
}

function wordsOf(shapes: readonly CommandShape[]): Words {
  const next = new Map<string, string[]>()
  for (const { name, options } of shapes) {
    const [noun = '', verb] = name.split(':')
    if (verb !== undefined) next.set(noun, [...(next.get(noun) ?? []), verb])
    const flags = [...options.map(({ flags: text }) => text), ...COMMON_OPTIONS.map(([text]) => text)]
    const longs = flags.flatMap((text) => /--[\w-]+/.exec(text) ?? [])
    next.set(name.replace(':', ' '), [...(next.get(name.replace(':', ' ')) ?? []), ...longs, '--help'])
  }
  return { first: [...new Set(shapes.map(({ name }) => name.split(':')[0]!))].toSorted(), next }
}

const PRINTERS: Readonly<Record<string, (words: Words) => string>> = {
  bash: ({ first, next }) => `# bash completion of tenon
_tenon() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1}" in
    "") words="${first.join(' ')}" ;;
${cases(next, (all) => `words="${all.join(' ')}"`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _tenon tenon`,
  zsh: ({ first, next }) => `#compdef tenon
_tenon() {
  local -a candidates
  case "\${words[2,CURRENT-1]}" in
    "") candidates=(${first.join(' ')}) ;;
${cases(next, (all) => `candidates=(${all.join(' ')})`)}
  esac
  compadd -- $candidates
}
compdef _tenon tenon`,
  fish: ({ first, next }) =>
    [
      '# fish completion of tenon',
      `complete -c tenon -f -n __fish_use_subcommand -a '${first.join(' ')}'`,
      ...[...next].map(
        ([before, all]) => `complete -c tenon -f -n '__fish_seen_subcommand_from ${before}' -a '${all.join(' ')}'`,
      ),
    ].join('\n'),
}

/** The longest first: \`db status\` is more than \`db\`. */
function cases(next: Words['next'], body: (words: readonly string[]) => string): string {
  return [...next]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([before, all]) => `    "${before}"*) ${body(all)} ;;`)
    .join('\n')
}
