/** Faults as people make them, put one at a time into programs that are right: what a check is worth is how many it finds. */

export type Sources = Readonly<Record<string, string>>

export interface Mutant {
  /** The kind of fault, and where: `import type: tickets/tickets-service.ts:5`. */
  readonly name: string
  readonly kind: string
  readonly files: Sources
}

/** Every place in a text where a fault can be put, with the text that then stands there. */
type Operator = (text: string, file: string, all: Sources) => readonly Edit[]

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Put before everything else: what the fault has to import. */
  readonly header?: string
}

export function mutantsOf(sources: Sources): readonly Mutant[] {
  return Object.entries(OPERATORS).flatMap(([kind, operator]) =>
    Object.entries(sources).flatMap(([file, text]) =>
      operator(text, file, sources).map(({ start, end, text: fault, header = '' }) => {
        const line = text.slice(0, start).split('\n').length
        const changed = `${header}${text.slice(0, start)}${fault}${text.slice(end)}`
        return { name: `${kind}: ${file}:${line}`, kind, files: { ...sources, [file]: changed } }
      }),
    ),
  )
}

/** Replaces each match; the function answers nothing where the fault would be none. */
function each(pattern: RegExp, replace: (match: RegExpMatchArray) => string | undefined, header?: string): Operator {
  return (text) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const fault = replace(match)
      if (fault === undefined || fault === match[0]) return []
      return [{ start: match.index, end: match.index + match[0].length, text: fault, ...(header ? { header } : {}) }]
    })
}

/** The entries of a list in `@Module({ ... })`, each left out once. */
function leaveOut(list: string): Operator {
  return (text) => {
    const found = new RegExp(`@Module\\(\\{[^]*?\\b${list}: \\[([^\\]]*)\\]`).exec(text)
    if (!found) return []
    const start = found.index + found[0].length - found[1]!.length - 1
    return [...found[1]!.matchAll(/\b[A-Z]\w*\b(?:,\s*)?/g)].flatMap((entry) => {
      // What stands in an object or a call is no entry of its own.
      const before = found[1]!.slice(0, entry.index)
      if (/[({[]/.test(before.replaceAll(/\([^()]*\)|\{[^{}]*\}|\[[^[\]]*\]/g, ''))) return []
      if (found[1]!.slice(entry.index + entry[0].length).startsWith('.')) return []
      return [{ start: start + entry.index, end: start + entry.index + entry[0].length, text: '' }]
    })
  }
}

/** Puts a member at the end of each class with one of these decorators. */
function addMember(decorators: string, member: string, header?: string): Operator {
  return (text) =>
    [...text.matchAll(new RegExp(`^@(?:${decorators})\\([^]*?^(?:export )?class \\w+[^]*?^\\}`, 'gm'))].map((match) => {
      const end = match.index + match[0].length - 1
      return { start: end, end, text: `\n${member}\n`, ...(header ? { header } : {}) }
    })
}

const PROVIDERS = 'Service|Injectable|Repository'
const ROUTE = '(?:Get|Post|Put|Patch|Delete)'

/** Names of classes that a constructor of the file asks for. */
function injectedIn(text: string): readonly string[] {
  return [...text.matchAll(/constructor\(([^]*?)\) *\{/g)].flatMap(([, parameters = '']) =>
    [...parameters.matchAll(/: ([A-Z]\w*)/g)].map(([, name = '']) => name),
  )
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  // Configuration classes need not be listed.
  'provider left out': (text, file, all) =>
    leaveOut('providers')(text, file, all).filter(({ start, end }) => !/Config\b/.test(text.slice(start, end))),
  'controller left out': leaveOut('controllers'),
  // Providers are visible everywhere, so a module is missed only where nobody else imports it.
  'module left out': (text, file, all) =>
    leaveOut('imports')(text, file, all).filter(({ start, end }) => {
      const name = text.slice(start, end).replace(/\W/g, '')
      const imports = Object.values(all).flatMap((each) =>
        // Settings in the list may have lists of their own.
        [...each.matchAll(/\bimports: \[((?:[^[\]]|\[[^\]]*\])*)\]/g)].map(([, list]) => list!),
      )
      return imports.filter((list) => new RegExp(`\\b${name}\\b`).test(list)).length === 1
    }),

  'injected class imported as a type': (text) =>
    injectedIn(text).flatMap((name) =>
      each(
        new RegExp(`^import \\{([^}]*\\b${name}\\b[^}]*)\\}`, 'gm'),
        ([, names = '']) => `import {${names.replace(new RegExp(`(?<!type )\\b${name}\\b`), `type ${name}`)}}`,
      )(text, '', {}),
    ),

  'interface instead of a class': each(
    /(constructor\([^)]*?: )([A-Z]\w*)(?=[,)])/g,
    ([, before]) => `${before}Iterable<string>`,
  ),

  'decorator forgotten above a class that needs others': each(
    /^@(?:Service|Injectable)\(\)\n(export class \w+ (?:(?!^\})[^])*?constructor\()/gm,
    ([, rest]) => rest,
  ),

  'provided twice': each(/\bproviders: \[(\w+)/g, ([all, name]) => `${all}, { provide: ${name}, useValue: {} }`),

  'transient kept by a singleton': (text, _file, all) =>
    each(/@(Service|Injectable)\(\)\n(export class (\w+))/g, ([, kind, rest, name = '']) =>
      Object.values(all).some((each) => injectedIn(each).includes(name))
        ? `@${kind}({ scope: 'transient' })\n${rest}`
        : undefined,
    )(text, '', all),

  'two that need each other': (text, file, all) =>
    [...text.matchAll(/constructor\(([^)]*)\) *\{/g)].slice(0, 1).flatMap((match) => {
      const self = /export class (\w+)/.exec(text)?.[1]
      const asker = Object.entries(all).find(
        ([other, each]) => other !== file && self && injectedIn(each).includes(self),
      )
      const name = asker && /^@(?:Service|Injectable)\(\)\n(?:export )class (\w+)/m.exec(asker[1])?.[1]
      if (!asker || !name) return []
      const start = match.index + 'constructor('.length
      return [
        {
          start,
          end: start,
          text: `other: ${name}, `,
          header: `import { ${name} } from '${relativePath(file, asker[0])}'\n`,
        },
      ]
    }),

  'path parameter renamed in the route': each(
    new RegExp(`(@${ROUTE}\\('[^']*):(\\w+)([^']*'\\))`, 'g'),
    ([, before, name, after]) => `${before}:${name}Number${after}`,
  ),
  'path parameter misspelled': each(/@Param\('(\w+)'/g, ([, name = '']) => `@Param('${name}s'`),
  'path that cannot be one': each(new RegExp(`@${ROUTE}\\('([^']+)'`, 'g'), ([all, path]) =>
    all.replace(`'${path}'`, `'${path}?x=1'`),
  ),
  'the same route twice': (text) => {
    const [first, ...others] = [...text.matchAll(new RegExp(`@${ROUTE}\\((?:'[^']*')?\\)`, 'g'))]
    return first
      ? others.map((match) => ({ start: match.index, end: match.index + match[0].length, text: first[0] }))
      : []
  },
  'source of an argument forgotten': each(/@(?:Body|Query|CurrentUser|Param\('\w+'\))(?:\(\))? (?=\w+\??:)/g, () => ''),
  'body of a GET': each(
    new RegExp(`@(?:Post|Put|Patch)(\\([^)]*\\)(?:(?!@${ROUTE})[^])*?@Body)`, 'g'),
    ([, rest]) => `@Get${rest}`,
  ),
  'model of the body forgotten': each(/@Body\(\) (\w+): [A-Z]\w*/g, ([, name]) => `@Body() ${name}: object`),

  // A method falls back to what its class says, which makes another program and no wrong one.
  'nobody says who may call': (text) =>
    each(/^( *)@(?:Roles|Public)\([^]*?\)\n/gm, ([, indent]) =>
      indent !== '' && /^@(?:Roles|Public)\(/m.test(text) ? undefined : '',
    )(text, '', {}),
  'public and for roles': each(
    /^( *)@Roles\(/gm,
    ([, indent]) => `${indent}@Public('by mistake')\n${indent}@Roles(`,
    "import { Public } from 'tenon'\n",
  ),

  'field without a rule': (text) =>
    each(
      /(?:^ {2}@(?:Is\w+|Length|Min\w*|Max\w*|Matches|Transform|Type|Lowered|Allow|ValidateIf)\([^]*?\)\n)+(?= {2}(?:readonly )?\w+[!?]?:)/gm,
      () => '',
    )(text, '', {}).filter(() => /class-validator|tenon\/validation/.test(text) && !text.includes('@Config(')),
  'view of an entity forgotten': (text, _file, all) => {
    const entities = Object.values(all).flatMap((each) =>
      [...each.matchAll(/@Entity\([^]*?class (\w+)/g)].map(([, name]) => name!),
    )
    return each(
      /^ *@Returns\([^]*?\)\n(?=(?: *@[^\n]*\n)*(?: {2,}[^\n]*\n)*?[^\n]*\): Promise<([^\n]*)> \{)/gm,
      ([, answer = '']) => (entities.some((name) => new RegExp(`\\b${name}\\b`).test(answer)) ? '' : undefined),
    )(text, '', all)
  },

  'required setting not set': each(/@Env\('(\w+)', \{[^}]*\}\)/g, ([, name]) => `@Env('${name}', {})`),
  'default of the wrong kind': each(/(@Env\('\w+', \{ default: )\d+/g, ([, before]) => `${before}'many' as never`),
  'environment read past the configuration': addMember(PROVIDERS, "  readonly region = process.env['REGION']"),

  'SQL put together': addMember(
    PROVIDERS,
    "  async search(manager: { query(sql: string): Promise<unknown> }, text: string): Promise<unknown> {\n    return manager.query(`SELECT * FROM rows WHERE name = '${text}'`)\n  }",
  ),
  'SQL put together with +': addMember(
    PROVIDERS,
    "  async wipe(runner: { query(sql: string): Promise<unknown> }, id: string): Promise<void> {\n    const sql = 'DELETE FROM rows WHERE id = ' + id\n    await runner.query(sql)\n  }",
  ),
  'condition put together': addMember(
    PROVIDERS,
    '  filter(builder: { where(text: string): void }, id: string): void {\n    builder.where(`row.id = ${id}`)\n  }',
  ),

  'work nobody waits for': (text) =>
    [...text.matchAll(/@Transactional\([^)]*\)\n *async [^]*?^ {2}\}/gm)].flatMap((method) =>
      [...method[0].matchAll(/^ +await (?=this\.)/gm)].map((found) => {
        const end = method.index + found.index + found[0].length
        return { start: end - 'await '.length, end, text: '' }
      }),
    ),
  'error swallowed in a transaction': each(
    /(@Transactional\([^)]*\)\n *async \w+\([^]*?\): Promise<[^]*?> \{\n)/g,
    ([all]) => `${all}    try { await Promise.resolve() } catch {}\n`,
  ),
  'static transaction': each(
    /(@Transactional\([^)]*\)\n *)async (\w+)/g,
    ([, before, name]) => `${before}static async ${name}`,
  ),

  'call kept in a field': each(
    new RegExp(`(@${ROUTE}\\([^]*?\\b(\\w+)\\??: (?:number|string|[A-Z]\\w*)[^()]*\\)(?:: [^{]*)? \\{\\n)`, 'g'),
    ([all, , name]) =>
      all.includes('class ') ? undefined : `${all}    Object(this).seen = 1\n    ;(this as any).last = ${name}\n`,
  ),
  'blocking call': addMember(
    PROVIDERS,
    "  read(): string {\n    return readFileSync('x', 'utf8')\n  }",
    "import { readFileSync } from 'node:fs'\n",
  ),
  'secret in the program': addMember(PROVIDERS, "  readonly apiKey = 'sk_live_4eC39HqLyjWDarjtT1'"),
  'field injects what nobody provides': addMember(
    PROVIDERS,
    '  readonly forgotten = inject(Forgotten)',
    "import { inject } from 'tenon'\nclass Forgotten {}\n",
  ),
}

function relativePath(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1)
  return `${up || './'}${to}`
}
