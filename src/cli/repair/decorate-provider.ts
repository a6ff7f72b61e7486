/** A class of which the compiler kept no types, because nothing decorates it. */
import type { Repairer } from './repair.ts'
import { classAt, classIn, importing, writeAbove } from './sources.ts'

export const decorateProvider: Repairer = ({ at }, program) => {
  const type = classAt(program, at)
  // With a decorator it is the compiler that drops types, and no decorator more would change that.
  if (!type || type.decorators.length > 0) return []
  const file = type.file.fileName
  return [
    {
      file,
      what: `@Injectable() above ${type.name}`,
      apply: (syntax, text) => {
        const node = classIn(syntax, text, type.name)
        return node && writeAbove(text, node, '@Injectable()')
      },
    },
    importing(file, 'Injectable', 'tenon'),
  ]
}
