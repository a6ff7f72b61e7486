/** What would make a change safe. */
import type { ChangeKind } from './change-kinds.ts'

interface Target {
  /** `TicketsController.open` */
  readonly handler: string
  /** The version that callers hold on to. */
  readonly version: string | undefined
}

/** Changes that an optional form of the same avoids. */
const SOFTER: Readonly<Partial<Record<string, string>>> = {
  'request-required-property-added': 'Make it @IsOptional(), or give it an initial value',
  'request-property-became-required': 'Leave it optional, or give it an initial value',
  'required-parameter-added': 'Make it optional, or give it an initial value',
  'parameter-became-required': 'Leave it optional, or give it an initial value',
  'required-body-added': 'Read the body with fields that are all optional',
  'body-became-required': 'Read the body with fields that are all optional',
  'operation-removed': 'Put it back with @Deprecated({ since, sunset }), and remove it after the sunset',
  'deprecated-operation-removed': 'Wait for the sunset that callers were told; then waive this change',
  'operation-moved': 'Leave the old route with @Deprecated({ since, replacement }) beside the new one',
  'operation-method-changed': 'Leave the old route with @Deprecated({ since, replacement }) beside the new one',
  'parameter-removed': 'Go on reading it, and ignore it',
  'parameter-moved': 'Read it in both places',
  'problem-status-changed': 'Give the new status a code of its own',
  'version-removed': 'Put the version back until its sunset',
  'operation-renamed': "Keep the name with @Doc({ operationId: '…' })",
  'operation-regrouped': "Keep the group with @Doc({ tags: ['…'] })",
  'path-parameter-renamed': 'Keep the name of the parameter',
  'security-dropped': 'Check that strangers may call it: this is no accident of a moved decorator',
  'access-demand-removed': 'Check that everybody may do this',
}

const BY_VERSION_ONLY =
  /^(?:security|access|operation|deprecated|version|status|response-media|response-body|response-header)-/

export function fixOf(kind: ChangeKind, { handler, version }: Target): string {
  const softer = SOFTER[kind]
  if (
    softer !== undefined &&
    /^(?:security-dropped|access-demand-removed|operation-re|path-parameter|version-)/.test(kind)
  ) {
    return `${softer}.`
  }
  const [from, to] = version === undefined ? ['1', '2'] : [version, following(version)]
  const controller = handler.split('.')[0] ?? ''
  const upgrade = `@Upgrade('${from}', '${to}', ${controller})`
  const isBody = /^(?:request|response)-/.test(kind) && !BY_VERSION_ONLY.test(kind)
  const way = kind.startsWith('response-') ? 'response() gives the old form' : 'request() takes the old form'
  const versioned = isBody
    ? `publish version ${to} and write ${upgrade}, whose ${way}`
    : `publish it as @Version('${to}') beside version ${from}`
  return `${softer === undefined ? capitalized(versioned) : `${softer}; or ${versioned}`}.`
}

/** `2` after `1`; after a day, the day it is published. */
function following(version: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(version)) return 'YYYY-MM-DD'
  return String(Number(version.split('.')[0]) + 1)
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
