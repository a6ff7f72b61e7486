/** The first look at a line: which command is meant, and what every command takes. */

export interface Words {
  /** As typed: `routes`, `db status`, `db:status`; empty when none was. */
  readonly words: readonly string[]
  readonly json: boolean
  readonly help: boolean
  readonly version: boolean
  readonly app: string | undefined
  readonly cwd: string | undefined
}

/** Takes out what belongs to every command; behind `--` all words are the command's own. */
export function readWords(argv: readonly string[]): Words {
  const words: string[] = []
  const common: { json: boolean; help: boolean; version: boolean; app?: string; cwd?: string } = {
    json: false,
    help: false,
    version: false,
  }
  for (let index = 0; index < argv.length; index++) {
    const [flag, value] = splitFlag(argv[index]!)
    if (flag === '--') {
      words.push(...argv.slice(index))
      break
    }
    if (flag === '--json') common.json = true
    else if (flag === '--help' || flag === '-h') common.help = true
    else if ((flag === '--version' || flag === '-v') && words.length === 0) common.version = true
    else if (flag === '--app' || flag === '--cwd') common[flag === '--app' ? 'app' : 'cwd'] = value ?? argv[++index]
    else words.push(argv[index]!)
  }
  return { app: undefined, cwd: undefined, ...common, words }
}

export interface FoundCommand {
  readonly name: string
  /** What follows the name. */
  readonly rest: readonly string[]
}

/** The command that the first words name, and what follows: `db status x` and `db:status x` are the same. */
export function findCommand(words: readonly string[], isKnown: (name: string) => boolean): FoundCommand | undefined {
  const [first = '', second] = words
  if (second !== undefined && isKnown(`${first}:${second}`)) return { name: `${first}:${second}`, rest: words.slice(2) }
  return isKnown(first) ? { name: first, rest: words.slice(1) } : undefined
}

function splitFlag(word: string): readonly [string, string | undefined] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}
