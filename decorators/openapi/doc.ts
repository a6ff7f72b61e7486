/** `@Doc`: what the decorators of an API cannot say by themselves, for those who read its document. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface DocFact {
  /** One line. Default: the words of the method's name. */
  readonly summary?: string
  /** As long as needed, in Markdown. */
  readonly description?: string
  /** Groups of the endpoint, instead of those of its controller. */
  readonly tags?: readonly string[]
  /** A value of the model or of the property; of a method, what it answers. */
  readonly example?: unknown
  /** Not in any document; the endpoint works all the same. A hidden field is still validated. */
  readonly hidden?: boolean
  /** What clients call the endpoint. Default: controller and method, such as `ticketsList`. */
  readonly operationId?: string
  /** Of a property: JSON Schema 2020-12 instead of what its rules say, where a `@Transform` or an own rule changes it. */
  readonly schema?: Readonly<Record<string, unknown>>
  /** Of a property that leaves: it may be `null`, which the compiler does not tell. */
  readonly nullable?: boolean
  /** Of a property that leaves: it may be missing, which the compiler does not tell. Default: `false`. */
  readonly optional?: boolean
}

export const DOC = new MetadataKey<DocFact>('openapi.doc', undefined, { declares: false })

/**
 * On a controller, an endpoint, a DTO or one of its properties. Nothing of it changes what the program does.
 * @example `@Doc({ summary: 'Opens a ticket', description: 'Agents are told at once.' })`
 */
export function Doc(doc: DocFact): ClassDecorator & MethodDecorator & PropertyDecorator {
  return annotate(DOC, doc)
}
