/** The models and operations of an API in Swift. */
import type { OpenApiDocument } from 'tenon/openapi'

import { printNative, type Language } from '../model/native-client.ts'

// The Swift Programming Language, Lexical Structure: keywords of declarations, statements and expressions.
const KEYWORDS: ReadonlySet<string> = new Set(
  `associatedtype as break case catch class continue default defer deinit do else enum extension fallthrough false
  fileprivate for func guard if import in init inout internal is let nil open operator private protocol public repeat
  rethrows return self Self static struct subscript super switch throw throws true try typealias var where while`.split(
    /\s+/,
  ),
)

const SWIFT: Language = {
  reserved: `Any ApiClient ApiError ApiFile ApiRequest Array Bool Data Date Dictionary Double Int64 JSONValue Problem
    ProblemError String Type URL Void`.split(/\s+/),
  words: {
    text: 'String',
    number: 'Double',
    whole: 'Int64',
    truth: 'Bool',
    moment: 'Date',
    file: 'ApiFile',
    nothing: 'Void',
    any: 'JSONValue',
  },
  list: (of) => `[${of}]`,
  map: (of) => `[String: ${of}]`,
  name: (word) => (KEYWORDS.has(word) ? `\`${word}\`` : word),
  ofEnums: ['allCases', 'hashValue', 'rawValue'],
  text: JSON.stringify,
}

export async function printSwift(document: OpenApiDocument): Promise<string> {
  return printNative('swift', document, SWIFT)
}
