import fc from 'fast-check'

import { KINDS } from '../../../../src/cli/generate/kinds/kinds.ts'
import { ScratchProject } from './scratch-project.ts'

/** One of each kind, none of which needs another. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  resource: ['order', 'total:decimal', 'label:belongsTo', 'labels:hasMany'],
  entity: ['tag', 'text:string:unique'],
  dto: ['sign-up', 'email:email'],
  module: ['billing'],
  controller: ['reports'],
  service: ['mailing'],
  repository: ['label'],
  interceptor: ['timing'],
  guard: ['office'],
  policy: ['label'],
  command: ['report-send'],
  seeder: ['demo'],
  factory: ['parcel'],
  migration: ['fill-prices'],
  test: ['smoke'],
  plugin: ['weather'],
}

const KIND_NAMES = Object.keys(KINDS)
const RUNS = process.env['FULL'] ? 60 : 4

const LABEL = `import { Column, Entity, PrimaryGeneratedColumn } from 'tenon/data'

@Entity()
export class Label {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column()
  text!: string
}
`
const SOURCES = {
  'src/labels/label.ts': LABEL,
  'src/labels/label-factory.ts': `import { factory } from 'tenon/data'

import { Label } from './label.ts'

export const labels = factory(Label, { text: 'a' })
`,
  'src/parcels/parcel.ts': LABEL.replace('Label', 'Parcel'),
}

const HEAD = `import { Module } from 'tenon'
import { DataModule } from 'tenon/data'
`
/** As people write their modules. */
const ROOTS: Readonly<Record<string, string>> = {
  'on one line': `${HEAD}\n@Module({ imports: [DataModule] })\nexport class AppModule {}\n`,
  'with comments': `/** A shop. */
${HEAD}
@Module({
  imports: [
    // First of all.
    DataModule, // the database
  ],
  providers: [], // none yet
})
export class AppModule {}
`,
  'without lists': `import { Module } from 'tenon'\n\n@Module({})\nexport class AppModule {}\n`,
  'on Windows': `${HEAD}\n@Module({\n  imports: [DataModule],\n})\nexport class AppModule {}\n`.replaceAll(
    '\n',
    '\r\n',
  ),
}

describe('tenon destroy', () => {
  it.each(Object.keys(ROOTS))('takes back each kind, and nothing else, in a module %s', async (root) => {
    const project = await projectWith(root)
    for (const kind of KIND_NAMES) {
      await generate(project, kind)
      const left = await destroy(project, kind)

      expect(`${kind}: ${left}`).toBe(`${kind}: `)
    }
  })

  it('takes back whatever was generated, in whatever order', async () => {
    const anyOrder = fc.shuffledSubarray(KIND_NAMES, { minLength: 3 })
    const run = fc.record({
      root: fc.constantFrom(...Object.keys(ROOTS)),
      kinds: anyOrder.chain((kinds) =>
        fc.tuple(fc.constant(kinds), fc.shuffledSubarray(kinds, { minLength: kinds.length })),
      ),
    })
    for (const {
      root,
      kinds: [made, undone],
    } of fc.sample(run, { numRuns: RUNS, seed: process.env['FULL'] ? Date.now() : 3 })) {
      const project = await projectWith(root)
      for (const kind of made) await generate(project, kind)
      let left = ''
      for (const kind of undone) left = await destroy(project, kind)

      expect({ root, made, undone, left }).toEqual({ root, made, undone, left: '' })
    }
  }, 60_000)

  it('knows a line for every kind', () => {
    expect(Object.keys(LINES).toSorted()).toEqual(KIND_NAMES.toSorted())
  })
})

async function projectWith(root: string): Promise<ScratchProject> {
  const project = new ScratchProject('destroyed', { ...SOURCES, 'src/app-module.ts': ROOTS[root]! })
  await project.commit()
  return project
}

async function generate(project: ScratchProject, kind: string): Promise<void> {
  expect(await project.tenon('generate', kind, ...LINES[kind]!)).toMatchObject({ code: 0, errors: '' })
}

/** What git says afterwards. */
async function destroy(project: ScratchProject, kind: string): Promise<string> {
  expect(await project.tenon('destroy', kind, LINES[kind]![0]!)).toMatchObject({ code: 0, errors: '' })
  return project.git('status', '--short')
}
