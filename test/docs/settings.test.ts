import type { Surroundings } from 'tenon/decorators'

import { place } from './material.ts'
import { readPages, type Row } from './pages.ts'
import { readSettings, type Setting } from './settings.ts'

const rows = readPages()
  .flatMap((page) => page.rows)
  .filter(({ cells }) => codes(cells['Variable'])[0] !== undefined)

describe('The tables of settings', () => {
  it('list every variable that is read, once, and no other', async () => {
    const settings = await readSettings()

    const listed = rows.map(({ cells }) => codes(cells['Variable'])[0]!)

    expect(settings.length).toBeGreaterThan(15)
    expect(listed.toSorted()).toEqual(settings.map(({ variable }) => variable).toSorted())
  })

  it('name the field and the defaults that the configuration class has', async () => {
    const settings = new Map((await readSettings()).map((setting) => [setting.variable, setting]))

    const wrong = rows.flatMap((row) => {
      const setting = settings.get(codes(row.cells['Variable'])[0]!)
      return setting && isAsDeclared(row, setting) ? [] : [`${place(row)} ${JSON.stringify(row.cells)}`]
    })

    expect(wrong).toEqual([])
  })
})

function isAsDeclared({ cells }: Row, setting: Setting): boolean {
  const documented = new Set(codes(cells['Default']))
  const declared = defaultsOf(setting)
  const isNamed = codes(cells['Option'])[0] === setting.field
  if (declared.size > 0) return isNamed && [...documented].toSorted().join() === [...declared].toSorted().join()
  // What stands in for a value that may be left out is known where it is used; the description says it.
  const { description = '' } = setting.options
  return (
    isNamed &&
    (documented.size === 0
      ? cells['Default'] === 'none'
      : [...documented].every((value) => description.includes(value)))
  )
}

/** Each different one of the three environments. */
function defaultsOf({ options, type, field }: Setting): ReadonlySet<string> {
  const values = ['development', 'test', 'production'].map((environment): unknown => {
    const surroundings: Surroundings = { environment, variables: {} }
    const given = options.default
    if (typeof given === 'function') return given(surroundings)
    return given ?? (new type() as Record<string, unknown>)[field]
  })
  return new Set(values.filter((value) => value !== undefined && value !== '').map((value) => String(value)))
}

/** What stands between backticks. */
function codes(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)
}
