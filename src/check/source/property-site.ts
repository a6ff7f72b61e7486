/** The place of a property that only foreign decorators (class-validator, class-transformer) stand above. */
import { UNKNOWN_SITE, type AbstractClass, type CallSite } from '../../../decorators/index.ts'
import { functionSite } from './function-site.ts'
import { siteAt, textAt } from './running-text.ts'

/** The property in its class; the class when the text does not show it; else the unknown place. */
export function propertySite(type: AbstractClass, property: string): CallSite {
  const site = functionSite(type)
  const position = site && textAt(site)
  if (!position) return site ?? UNKNOWN_SITE
  const { text, offset } = position
  // What the compiler emits below the class: `__decorate([...], Order.prototype, "items", void 0)`.
  const named = text.indexOf(`${type.name}.prototype, "${property}"`, offset)
  const decorate = named < 0 ? -1 : text.lastIndexOf('__decorate', named)
  return decorate < 0 ? site : siteAt(site, text, decorate)
}
