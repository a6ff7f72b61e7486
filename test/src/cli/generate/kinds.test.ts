import { KINDS } from '../../../../src/cli/generate/kinds/kinds.ts'
import { ScratchProject } from './scratch-project.ts'

/** In an order in which each finds what it needs. */
const LINES = [
  ['module', 'billing'],
  ['controller', 'billing'],
  ['service', 'billing'],
  ['entity', 'label', 'text:string:unique', 'kind:enum(a,b)'],
  ['repository', 'label'],
  ['policy', 'label'],
  ['dto', 'sign-up', 'email:email', 'name:string?'],
  ['interceptor', 'timing'],
  ['command', 'report-send'],
  ['seeder', 'demo'],
  ['migration', 'fill-prices'],
  ['test', 'smoke'],
  ['plugin', 'weather'],
  ['guard', 'office'],
  ['resource', 'order', 'total:decimal'],
]

describe('Every kind of tenon generate', () => {
  it('compiles, runs, is found by the application, and is taken back', async () => {
    const project = new ScratchProject('kinds')
    await project.commit()
    for (const line of LINES) expect(await project.tenon('generate', ...line)).toMatchObject({ code: 0, errors: '' })
    const named = project.read('src/labels/label-factory.ts')
    expect(await project.tenon('generate', 'factory', 'label', '--force')).toMatchObject({ code: 0 })
    expect(named).toContain('factory(Label')

    expect(await project.compile()).toEqual({ code: 0, output: '' })
    const { findings } = JSON.parse((await project.tool(['check', '--json'])).output) as {
      findings: { message: string }[]
    }
    // A guard guards what it is put above, which nobody has done yet.
    expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining('OfficeGuard')])
    expect((await project.tool(['report', 'send', 'ada'])).output).toBe('Called for ada.\n')
    expect((await project.tool(['db', 'migrate'])).output).toMatch(/CreateLabels[^]*FillPrices[^]*CreateOrders/)
    expect((await project.tool(['db', 'drift'])).output).toBe('The database fits the entities.\n')
    expect((await project.tool(['db', 'seed'])).output).toContain('Seeded: DemoSeeder')
    expect((await project.jest()).output).toContain('7 passed, 7 total')
    expect(new Set([...LINES.map(([kind]) => kind), 'factory'])).toEqual(new Set(Object.keys(KINDS)))

    await project.run('rm', ['-rf', 'dist', 'data'])
    for (const [kind, name] of [['factory', 'label'], ...LINES]) {
      expect(await project.tenon('destroy', kind!, name!, '--force')).toMatchObject({ code: 0 })
    }
    expect(await project.git('status', '--short')).toBe('')
  })
})
