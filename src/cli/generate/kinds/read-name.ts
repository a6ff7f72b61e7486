/** The name of what is generated, checked before anything is made of it. */
import { NameUnusable } from '../generate-errors.ts'

const LONGEST = 40

/** @throws `GENERATE_NAME_UNUSABLE` */
export function readName(given: string): string {
  if (!/^[A-Za-z][\w-]*$/.test(given)) {
    throw new NameUnusable(given, 'it begins with a letter, and has letters, digits and dashes')
  }
  if (given.length > LONGEST) throw new NameUnusable(given, `it has more than ${LONGEST} characters`)
  if (
    /^(?:app|module|main|class|default|function|new|test|import|export|object|string|number|date|promise|error)s?$/i.test(
      given,
    )
  ) {
    throw new NameUnusable(given, 'the language or the application has a use for that word')
  }
  return given
}
