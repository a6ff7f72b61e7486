import fc from 'fast-check'

import { readFields } from '../../../../src/cli/generate/fields/read-fields.ts'
import { databaseUrls } from './databases.ts'
import { ScratchProject } from './scratch-project.ts'

/** Each is a resource of its own; one compiler run and one database are shared by all. */
const RESOURCES = process.env['FULL'] ? 60 : 4

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  string: ['blue', 'two words', 'a:b=c', '%_$&'],
  integer: ['0', '-7', '999999999'],
  number: ['0.5', '-2', '1000000.25'],
  decimal: ['0', '19.99', '-0.5'],
  boolean: ['true', 'false'],
  'enum(on,off,half-way)': ['on', 'half-way'],
  email: ['a@example.org'],
  url: ['https://example.org/?a=b'],
  uuid: ['00000000-0000-4000-8000-000000000000'],
}

const TYPES = [...Object.keys(DEFAULTS), 'text', 'json', 'date', 'datetime', 'belongsTo(Parent)']

const fieldType = fc.constantFrom(...TYPES).chain((type) =>
  fc.record({
    type: fc.constant(type),
    optional: fc.boolean(),
    modifier: fc.constantFrom('', '', ...modifiersOf(type)),
    byDefault: fc.option(fc.constantFrom(...(DEFAULTS[type] ?? ['']))),
  }),
)

function modifiersOf(type: string): readonly string[] {
  if (type === 'text' || type === 'json') return []
  return /^(?:boolean|enum)/.test(type) ? [':index'] : [':unique', ':index', ':index:unique']
}

const word = fc.constantFrom(
  'colour',
  'size',
  'order',
  'group',
  'select',
  'key',
  'value',
  'userName',
  'isOn',
  'x1',
  'from',
  'type',
)

const fieldList = fc
  .uniqueArray(fc.tuple(word, fieldType), { minLength: 0, maxLength: 8, selector: ([name]) => name })
  .map((fields) =>
    fields.map(([name, { type, optional, modifier, byDefault }]) => {
      const hasDefault = byDefault && !modifier.includes('unique')
      return `${name}:${type}${optional ? '?' : ''}${modifier}${hasDefault ? `=${byDefault}` : ''}`
    }),
  )

describe('Fields of resources', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(fieldList, (texts) => {
        const fields = readFields(texts)

        expect(fields.map(({ name }) => name)).toEqual(texts.map((text) => text.split(':', 1)[0]))
        expect(fields.map(({ isOptional }) => isOptional)).toEqual(texts.map((text) => /^[^=]*\?/.test(text)))
        expect(fields.map(({ isUnique }) => isUnique)).toEqual(texts.map((text) => /^[^=]*:unique/.test(text)))
      }),
    )
  })

  it('make in any combination code that compiles, starts, migrates both ways, and fits its entities', async () => {
    const project = new ScratchProject('fields')
    await project.tenon('generate', 'resource', 'parent', 'name:string')
    const lists = fc.sample(fieldList, { numRuns: RESOURCES, seed: process.env['FULL'] ? Date.now() : 11 })
    for (const [index, fields] of lists.entries()) {
      const { code, errors } = await project.tenon('generate', 'resource', `thing-${letters(index)}`, ...fields)
      expect(`${fields.join(' ')}: ${code} ${errors}`).toBe(`${fields.join(' ')}: 0 `)
    }

    expect(await project.compile()).toEqual({ code: 0, output: '' })
    await using servers = new AsyncDisposableStack()
    for (const DATABASE_URL of await databaseUrls(servers)) {
      for (const words of ['migrate', 'drift', `rollback --steps ${RESOURCES} --force`, 'migrate', 'drift']) {
        const { code, output } = await project.tool(['db', ...words.split(' ')], { DATABASE_URL })
        expect(`${words}: ${code} ${code === 0 ? '' : output}`).toBe(`${words}: 0 `)
      }
    }
    expect((await project.jest()).output).toContain(`${5 * (RESOURCES + 1)} passed, ${5 * (RESOURCES + 1)} total`)
  })
})

/** Names without digits. */
function letters(index: number): string {
  return String(index).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)
}
