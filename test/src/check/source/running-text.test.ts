import { listItems } from '../../../../src/check/source/running-text.ts'

function itemsOf(text: string): readonly string[] {
  return listItems(text, text.indexOf('(')).items.map(({ start, end }) => text.slice(start, end))
}

describe('listItems', () => {
  it('parts a list at the commas of its own level', () => {
    expect(itemsOf('f(a, [b, c], { d: (e, f) }, g = "x,)")')).toEqual(['a', '[b, c]', '{ d: (e, f) }', 'g = "x,)"'])
  })

  it('leaves out comments before an item, and trailing commas', () => {
    expect(itemsOf('f(\n  // one, two\n  a, /* b, */ c,\n)')).toEqual(['a', 'c'])
  })

  it('finds nothing in an empty list, and ends with the text where a bracket is missing', () => {
    expect(itemsOf('f()')).toEqual([])
    expect(listItems('f(a', 1)).toEqual({ items: [], end: 3 })
  })
})
