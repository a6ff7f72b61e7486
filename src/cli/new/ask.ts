/** The questions of `tenon new`, for those who sit at a terminal. Only what goes together is offered. */
import { painter, type ToolIo } from '../tool-io.ts'
import {
  AUTHS,
  DATABASES,
  HINTS,
  SAMPLES,
  TEMPLATES,
  TENANCIES,
  type Answers,
  type AuthChoice,
  type DatabaseChoice,
  type TenancyChoice,
  type Template,
} from './choices.ts'
import { unfitChoice } from './unfit-choices.ts'

/**
 * @param name - Of the project.
 * @returns `undefined` when somebody pressed Ctrl+C.
 */
export async function ask(name: string, given: Partial<Answers>, io: ToolIo): Promise<Answers | undefined> {
  const { cancel, intro, isCancel, outro, select } = await import('@clack/prompts')
  const streams = { input: io.input, output: io.output }

  /** Asks nothing where it is said already, or where there is one answer; `undefined` for Ctrl+C. */
  async function choose<T extends string>(
    said: T | undefined,
    message: string,
    options: readonly T[],
    hintOf: (value: T) => string | undefined,
  ): Promise<T | undefined> {
    if (said !== undefined || options.length === 1) return said ?? options[0]
    const listed = options.map((value) => ({ value: value as string, label: value, hint: hintOf(value) ?? '' }))
    const chosen = await select({ ...streams, message, options: listed })
    if (!isCancel(chosen)) return chosen as T
    cancel('Nothing was made.', streams)
    return undefined
  }

  intro(`A new project: ${name}`, streams)
  const template = await choose<Template>(
    given.template,
    'Which template?',
    ['api', ...TEMPLATES.filter((each) => each !== 'api')],
    (value) => SAMPLES[value].hint,
  )
  if (template === undefined) return undefined
  let answers: Answers = { template, database: 'sqlite', ...SAMPLES[template].byDefault, ...given }
  const fitting = <T extends string>(option: keyof Answers, values: readonly T[]): readonly T[] =>
    values.filter((value) => unfitChoice({ ...answers, [option]: value })?.choice !== `--${option} ${value}`)

  const database = await choose<DatabaseChoice>(
    given.database,
    'Which database?',
    fitting('database', DATABASES),
    (value) => HINTS[value],
  )
  if (database === undefined) return undefined
  answers = { ...answers, database }
  const auth = await choose<AuthChoice>(
    given.auth,
    'Who calls?',
    fitting('auth', AUTHS),
    (value) => HINTS[`auth ${value}`],
  )
  if (auth === undefined) return undefined
  answers = { ...answers, auth }
  const tenancy = await choose<TenancyChoice>(
    given.tenancy,
    'Does it serve several tenants?',
    fitting('tenancy', TENANCIES),
    (value) => HINTS[`tenancy ${value}`],
  )
  if (tenancy === undefined) return undefined
  const options = Object.entries({ template, database, auth, tenancy }).map(([option, value]) => `--${option} ${value}`)
  outro(painter(io.output)('dim', `The same without questions: --yes ${options.join(' ')}`), streams)
  return { ...answers, tenancy }
}
