import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { readPages, ROOT } from '../../docs/pages.ts'
import { checkProjects, writeProject, type CheckedProject } from './check-projects.ts'
import { mutantsOf, type Mutant, type Sources } from './mutants.ts'

/** With FULL=1 every mutant, as the figure in docs/rules/index.md; otherwise some of each kind. */
const FULL = process.env['FULL'] === '1'
const EACH_KIND = 1
const BATCH = 25

const SAMPLES: Readonly<Record<string, Sources>> = {
  'starter-kit': readFolder('samples/starter-kit'),
  guide: { 'app-module.ts': readPages().find(({ path }) => path === 'docs/guide/cli.md')!.blocks[0]!.text },
  shop: { 'app-module.ts': readFileSync(join(ROOT, 'test/src/cli/apps/shop-module.ts'), 'utf8') },
}

describe('tenon check', () => {
  const mutants = Object.entries(SAMPLES).flatMap(([sample, sources]) =>
    chosen(mutantsOf(sources)).map((mutant) => ({ ...mutant, name: `${sample}: ${mutant.name}` })),
  )

  it('finds nothing in the samples', async () => {
    const checked = await check(Object.entries(SAMPLES).map(([name, files]) => ({ name, kind: 'clean', files })))

    expect(checked.map(({ codes }) => codes)).toEqual([[], [], []])
  })

  it('finds at least 95 of 100 faults that are put into them', async () => {
    const checked = await check(mutants)

    const missed = mutants.filter((_mutant, index) => checked[index]!.codes.length === 0).map(({ name }) => name)
    if (FULL) {
      process.stdout.write(
        `${mutants.length - missed.length} of ${mutants.length} mutants found\n${missed.join('\n')}\n`,
      )
      expect(mutants.length).toBeGreaterThanOrEqual(200)
    }
    expect({ missed, ratio: 1 - missed.length / mutants.length }).toEqual({
      missed: expect.anything(),
      ratio: expect.any(Number),
    })
    expect(missed.length / mutants.length).toBeLessThanOrEqual(0.05)
  }, 600_000)
})

function chosen(mutants: readonly Mutant[]): readonly Mutant[] {
  if (FULL) return mutants
  return [...Map.groupBy(mutants, ({ kind }) => kind).values()].flatMap((all) => all.slice(0, EACH_KIND))
}

async function check(mutants: readonly Mutant[]): Promise<readonly CheckedProject[]> {
  const files = mutants.map(({ files: sources }, index) =>
    join(writeProject(`mutants/${index}`, sources), 'app-module.ts'),
  )
  const checked: CheckedProject[] = []
  for (let start = 0; start < files.length; start += BATCH) {
    checked.push(...(await checkProjects(files.slice(start, start + BATCH))))
  }
  return checked
}

function readFolder(folder: string): Sources {
  const paths = globSync('**/*.ts', { cwd: join(ROOT, folder) })
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, folder, path), 'utf8')]))
}
