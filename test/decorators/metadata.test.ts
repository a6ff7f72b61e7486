import {
  callSite,
  decoratedMembers,
  emittedParameterTypes,
  emittedReturnType,
  emittedType,
  MetadataGroup,
  MetadataKey,
  MetadataListKey,
  UNKNOWN_SITE,
} from 'tenon/decorators'

import { annotate, annotateAlso, annotateParameter, type ParameterFact } from '../../decorators/annotate.ts'

const COLOUR = new MetadataKey<string>('test.colour')
const TAGS = new MetadataListKey<string>('test.tags')
const MARKS = new MetadataListKey<ParameterFact<string>>('test.marks')
const Colour = (value: string) => annotate(COLOUR, value)
const Tag = (value: string) => annotateAlso(TAGS, value)
const Mark = (value: string) => annotateParameter(MARKS, value)

@annotate(COLOUR, 'red')
@Tag('first')
@Tag('second')
class Animal {
  @Colour('brown')
  readonly coat: string = ''

  @Tag('loud')
  @Tag('short')
  bark(@Mark('how') times: number, @Mark('where') _place: Date): string {
    return 'woof'.repeat(times)
  }

  @annotate(COLOUR, 'none')
  sleep(): void {}

  @Colour('static')
  static breed(): string {
    return 'any'
  }

  eat(): void {}
}

@Tag('third')
class Dog extends Animal {
  @Tag('longer')
  override bark(times: number, place: Date): string {
    return super.bark(times, place)
  }

  @Colour('grey')
  guard(): void {}
}

@Colour('blue')
class Bird extends Animal {
  @Colour('white')
  override sleep(): void {}
}

describe('MetadataKey', () => {
  it('reads what was written on a class, inherited where the subclass says nothing', () => {
    expect(COLOUR.read(Animal)).toBe('red')
    expect(COLOUR.read(Dog)).toBe('red')
    expect(COLOUR.read(Bird)).toBe('blue')
  })

  it('tells the own value from the inherited one', () => {
    expect(COLOUR.writtenHere(Dog)).toBeUndefined()
    expect(COLOUR.writtenHere(Bird)?.value).toBe('blue')
    expect(COLOUR.writtenHere(Dog, 'sleep')).toBeUndefined()
    expect(COLOUR.writtenHere(Bird, 'sleep')?.value).toBe('white')
  })

  it('reads members by class and by prototype, methods, properties and statics', () => {
    expect(COLOUR.read(Animal, 'sleep')).toBe('none')
    expect(COLOUR.read(Animal.prototype, 'sleep')).toBe('none')
    expect(COLOUR.read(Dog, 'sleep')).toBe('none')
    expect(COLOUR.read(Bird, 'sleep')).toBe('white')
    expect(COLOUR.read(Animal, 'coat')).toBe('brown')
    expect(COLOUR.read(Animal, 'breed')).toBe('static')
    expect(COLOUR.read(Animal, 'eat')).toBeUndefined()
  })

  it('knows the file and line a decorator was written at', () => {
    const at = COLOUR.written(Animal, 'sleep')?.at

    expect(at?.file).toBe(import.meta.url)
    expect(at?.line).toBeGreaterThan(0)
    expect(COLOUR.written(Animal)?.at.line).toBeGreaterThan(at?.line ?? Infinity)
  })

  it('keeps the last value that was written', () => {
    const key = new MetadataKey<number>('test.number')
    class Target {}

    key.write(1, Target)
    key.write(2, Target)

    expect(key.read(Target)).toBe(2)
    expect(key.written(Target)?.at.file).toBe(import.meta.url)
  })

  it('shares nothing with another key of the same name', () => {
    expect(new MetadataKey<string>('test.colour').read(Animal)).toBeUndefined()
  })
})

describe('MetadataListKey', () => {
  it('lists values as they stand in the source, those of base classes first', () => {
    expect(TAGS.read(Animal)).toEqual(['first', 'second'])
    expect(TAGS.read(Dog)).toEqual(['first', 'second', 'third'])
    expect(TAGS.read(Animal, 'bark')).toEqual(['loud', 'short'])
    expect(TAGS.read(Dog, 'bark')).toEqual(['loud', 'short', 'longer'])
  })

  it('does not write back to the base class', () => {
    expect(TAGS.writtenHere(Dog).map(({ value }) => value)).toEqual(['third'])
    expect(TAGS.writtenHere(Bird)).toEqual([])
    expect(TAGS.writtenHere(Dog, 'bark').map(({ value }) => value)).toEqual(['longer'])
    expect(TAGS.writtenHere(Bird, 'bark')).toEqual([])
    expect(TAGS.read(Animal)).toEqual(['first', 'second'])
  })

  it('records parameters by position', () => {
    expect(MARKS.read(Animal, 'bark')).toEqual([
      { index: 0, fact: 'how' },
      { index: 1, fact: 'where' },
    ])
  })

  it('is empty where nothing was said', () => {
    expect(TAGS.read(Animal, 'eat')).toEqual([])
    expect(TAGS.written(class {})).toEqual([])
  })
})

describe('decoratedMembers', () => {
  it('names every member a decorator wrote on once, base classes first', () => {
    expect(decoratedMembers(Animal)).toEqual(['coat', 'bark', 'sleep'])
    expect(decoratedMembers(Dog)).toEqual(['coat', 'bark', 'sleep', 'guard'])
    expect(decoratedMembers(class {})).toEqual([])
  })
})

describe('What the compiler emits', () => {
  it('is read for parameters, results and properties', () => {
    expect(emittedParameterTypes(Animal, 'bark')).toEqual([Number, Date])
    expect(emittedReturnType(Animal, 'bark')).toBe(String)
    expect(emittedType(Animal, 'coat')).toBe(String)
    expect(emittedParameterTypes(Animal)).toBeUndefined()
  })
})

describe('callSite', () => {
  it('is the line that calls, or the caller of a function that is passed over', () => {
    const here = callSite()
    const asked = (): number => callSite(1).line

    expect(here.file).toBe(import.meta.url)
    expect(asked()).toBeGreaterThan(here.line)
  })

  it('is unknown where no file is on the stack', () => {
    expect(callSite(1000)).toBe(UNKNOWN_SITE)
  })
})

describe('MetadataGroup', () => {
  const group = new MetadataGroup()
  const open = new MetadataKey<boolean>('test.group.open', group)
  const closed = new MetadataKey<boolean>('test.group.closed', group)

  it('finds the nearest class in the line of inheritance on which any of its facts stands', () => {
    class Base {
      enter(): void {}
      leave(): void {}
    }
    class Derived extends Base {
      override enter(): void {}
    }
    open.write(true, Base.prototype, 'enter')
    open.write(true, Base.prototype, 'leave')
    closed.write(true, Derived.prototype, 'enter')

    expect(group.holder(Derived, 'enter')).toBe(Derived.prototype)
    expect(group.holder(Derived, 'leave')).toBe(Base.prototype)
    expect(group.holder(Derived)).toBeUndefined()
    expect(group.keys).toEqual([open, closed])
  })
})

describe('A remark', () => {
  it('is read like every fact, and lists no member', () => {
    const REMARK = new MetadataKey<string>('test.remark', undefined, { declares: false })
    class Parcel {
      readonly weight!: number
    }
    REMARK.write('in grams', Parcel.prototype, 'weight')

    expect(REMARK.read(Parcel, 'weight')).toBe('in grams')
    expect(decoratedMembers(Parcel)).toEqual([])
  })
})
