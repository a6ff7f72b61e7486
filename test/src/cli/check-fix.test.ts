/** What `tenon check --fix` writes: each case before and after, and nothing found afterwards. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { readRuleExamples } from '../../docs/rule-pages.ts'
import { writeProject } from './check-projects.ts'
import { runLines } from './run-lines.ts'

interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** Files as they are afterwards; those that are not named stay as they were. */
  readonly fixed: Readonly<Record<string, string>>
  /** Codes that are left, where nothing is repaired. */
  readonly left?: readonly string[]
}

const unawaited = readRuleExamples().find(
  ({ code, kind }) => code === 'SOURCE_TRANSACTION_UNAWAITED' && kind === 'wrong',
)!.files

const CONTROLLER = `import { Controller, Get, Public } from 'tenon'
import { Dial } from './dial.ts'

@Public()
@Controller('/time')
export class Time {
  constructor(readonly dial: Dial) {}

  @Get()
  now(): object {
    return {}
  }
}
`
const WITH_HAND = CONTROLLER.replace('import { Dial }', 'IMPORTED').replace(
  '  constructor',
  '  readonly hand?: Hand\n\n  constructor',
)
const DIAL = `import { Injectable } from 'tenon'

@Injectable()
export class Dial {}
`
const MODULE = `import { Module } from 'tenon'
import { Dial } from './dial.ts'
import { Time } from './time.ts'

@Module({ controllers: [Time], providers: [Dial] })
export class AppModule {}
`

const ORDERS = `import { Body, Controller, Module, Post, Public } from 'tenon'
import { IsString, ValidateNested } from 'tenon/validation'

export class Line {
  @IsString()
  readonly text!: string
}

export class Order {
  // at least one
  @ValidateNested({ each: true })
  readonly lines!: Line[]
}

@Public()
@Controller('/orders')
export class Orders {
  @Post()
  take(@Body() _order: Order): object {
    return {}
  }
}

@Module({ controllers: [Orders] })
export class AppModule {}
`

const CASES: readonly Case[] = [
  {
    name: 'waits for work of a transaction',
    files: unawaited,
    fixed: { 'app-module.ts': unawaited['app-module.ts']!.replace('    this.write()', '    await this.write()') },
  },
  {
    name: 'lists a provider in the module of its folder, in the way the list is written',
    files: {
      'time.ts': CONTROLLER,
      'dial.ts': DIAL,
      'app-module.ts': `import { Module } from "tenon";
// what tells the time
import { Time } from "./time.ts";

@Module({
  // one is enough
  controllers: [Time], // for now
})
export class AppModule {}
`,
    },
    fixed: {
      'app-module.ts': `import { Module } from "tenon";
// what tells the time
import { Dial } from "./dial.ts";
import { Time } from "./time.ts";

@Module({
  // one is enough
  controllers: [Time], // for now
  providers: [Dial],
})
export class AppModule {}
`,
    },
  },
  {
    name: 'imports what is injected as a value, and leaves types beside it types',
    files: {
      'time.ts': WITH_HAND.replace('IMPORTED', 'import type { Dial, /* of a dial */ Hand }'),
      'dial.ts': `${DIAL}
export interface Hand {
  readonly length: number
}
`,
      'app-module.ts': MODULE,
    },
    fixed: { 'time.ts': WITH_HAND.replace('IMPORTED', 'import { Dial, /* of a dial */ type Hand }') },
  },
  {
    name: 'imports a name of several as a value',
    files: {
      'time.ts': CONTROLLER.replace('import { Dial }', 'import { type Dial }'),
      'dial.ts': DIAL,
      'app-module.ts': MODULE,
    },
    fixed: { 'time.ts': CONTROLLER },
  },
  {
    name: 'decorates a provider of which the compiler kept no types',
    files: {
      'dial.ts': DIAL,
      'alarm.ts': `// Rings.
import { Dial } from './dial.ts'

/** Rings when it is time. */
export class Alarm {
  constructor(readonly dial: Dial) {}
}
`,
      'app-module.ts': `import { Module } from 'tenon'
import { Alarm } from './alarm.ts'
import { Dial } from './dial.ts'

@Module({ providers: [Alarm, Dial] })
export class AppModule {}
`,
    },
    fixed: {
      'alarm.ts': `// Rings.
import { Dial } from './dial.ts'
import { Injectable } from 'tenon'

/** Rings when it is time. */
@Injectable()
export class Alarm {
  constructor(readonly dial: Dial) {}
}
`,
    },
  },
  {
    name: 'says which model a list holds',
    files: { 'app-module.ts': ORDERS },
    fixed: {
      'app-module.ts': ORDERS.replace('IsString, Validate', 'IsString, Type, Validate').replace(
        '  @ValidateNested',
        '  @Type(() => Line)\n  @ValidateNested',
      ),
    },
  },
  {
    name: 'leaves a controller that nobody lists: who may call it is no guess',
    files: {
      'time.ts': CONTROLLER,
      'dial.ts': DIAL,
      'app-module.ts': `import { Module } from 'tenon'
import { Dial } from './dial.ts'

@Module({ providers: [Dial] })
export class AppModule {}
`,
    },
    fixed: {},
    left: ['SOURCE_CLASS_UNLISTED'],
  },
  {
    name: 'leaves a loop that nobody can wait for',
    files: {
      'app-module.ts': unawaited['app-module.ts']!.replace('this.write()', '[1].forEach(async () => this.write())'),
    },
    fixed: {},
    left: ['SOURCE_TRANSACTION_UNAWAITED'],
  },
]

describe('tenon check --fix', () => {
  const folders: string[] = []
  let checked: readonly { readonly output: string }[] = []

  // Two processes for all of them: what one has loaded, the repaired sources must not find.
  beforeAll(async () => {
    folders.push(...CASES.map(({ files }, index) => writeProject(`fix-${index}`, files)))
    const lines = (words: readonly string[]): string[][] =>
      folders.map((folder) => ['check', ...words, '--app', join(folder, 'app-module.ts')])
    await runLines(lines(['--fix']))
    checked = await runLines(lines(['--json']))
  }, 60_000)

  it.each(CASES.map((each, index) => [each.name, each, index] as const))(
    '%s',
    (_name, { files, fixed, left = [] }, index) => {
      const { output } = checked[index]!
      const { findings } = JSON.parse(output) as { readonly findings: readonly { readonly code: string }[] }

      const after = Object.keys(files).map((file) => [file, readFileSync(join(folders[index]!, file), 'utf8')])
      expect(Object.fromEntries(after)).toEqual({ ...files, ...fixed })
      expect(findings.map(({ code }) => code)).toEqual(left)
    },
  )
})
