/** The models and operations of an API in Kotlin. */
import type { OpenApiDocument } from 'tenon/openapi'

import { printNative, type Language } from '../model/native-client.ts'
import { decoded, encoded } from './kotlin-json.ts'

// Kotlin language specification, §1.2.3: hard keywords, and modifiers, which begin an entry of an enum as well.
const KEYWORDS: ReadonlySet<string> = new Set(
  `abstract actual annotation companion const crossinline data enum expect external final infix inline inner internal
  lateinit noinline open operator out override private protected public reified sealed suspend tailrec vararg as break class continue do else false for fun if in interface is null object package return super this throw true try
  typealias typeof val var when while`.split(/\s+/),
)

const KOTLIN: Language = {
  reserved:
    `Any ApiClient ApiException ApiFile ApiRequest ApiResponse ApiText ApiTransport Boolean Double Exception Instant
    Iterable Json List Long Map Number Pair Problem ProblemError Regex String Unit`.split(/\s+/),
  words: {
    text: 'String',
    number: 'Double',
    whole: 'Long',
    truth: 'Boolean',
    moment: 'Instant',
    file: 'ApiFile',
    nothing: 'Unit',
    any: 'Any?',
  },
  list: (of) => `List<${of}>`,
  map: (of) => `Map<String, ${of}>`,
  name: (word) => (KEYWORDS.has(word) ? `\`${word}\`` : word),
  ofEnums: ['declaringClass', 'entries', 'name', 'of', 'ordinal', 'value', 'valueOf', 'values'],
  text: (value) => JSON.stringify(value).replaceAll('$', String.raw`\$`),
  codec: { decoded, encoded },
}

export async function printKotlin(document: OpenApiDocument): Promise<string> {
  return printNative('kotlin', document, KOTLIN)
}
