/** The places in which a request may name its tenant, as functions that read them. */
import { CommandContext, HttpContext, type CallContext, type Endpoint } from 'tenon'

import type { TenancyConfig, TenantSource } from './tenancy-config.ts'
import { TenantAmbiguous, TenantNameInvalid } from './tenancy-errors.ts'

export interface TenantPlace {
  /** `header x-tenant-id`: how messages and documents call it. */
  readonly name: string
  read(context: CallContext): string | undefined
}

const TENANT_NAME = /^[a-z0-9][a-z0-9_-]{0,47}$/

/** Whether a tenant may be called so: in host names, schemas, paths and keys alike. */
export function isTenantName(text: string): boolean {
  return TENANT_NAME.test(text)
}

/** Those of the settings, in their order, and `resolve` last; the caller is known later. */
export function placesOf(config: TenancyConfig, { transport }: Pick<Endpoint, 'transport'>): readonly TenantPlace[] {
  const { from, header, pathParameter, domain, resolve } = config
  const ofTransport = (source: TenantSource): TenantPlace[] => {
    if (source === 'header') return [{ name: `header ${header}`, read: (context) => context.header(header) }]
    if (source === 'path')
      return [{ name: `path /:${pathParameter}`, read: (context) => ofPath(context, pathParameter) }]
    if (source === 'subdomain') return [{ name: 'subdomain', read: (context) => ofHost(context, domain) }]
    return []
  }
  const shell: TenantPlace = { name: `option --${pathParameter}`, read: (context) => ofShell(context, pathParameter) }
  const own = transport === 'command' ? [shell] : from.flatMap(ofTransport)
  return resolve ? [...own, { name: 'resolve', read: resolve }] : own
}

/**
 * The tenant that the request names.
 * @throws `TENANCY_NAME_INVALID`, `TENANCY_TENANT_AMBIGUOUS`
 */
export function readProposal(places: readonly TenantPlace[], context: CallContext): string | undefined {
  let proposed: string | undefined
  for (const place of places) {
    const named = place.read(context)
    if (named === undefined) continue
    if (!isTenantName(named)) throw new TenantNameInvalid(place.name)
    if (proposed !== undefined && proposed !== named)
      throw new TenantAmbiguous(places.map(({ name }) => name).join(', '))
    proposed = named
  }
  return proposed
}

function ofPath(context: CallContext, parameter: string): string | undefined {
  return context instanceof HttpContext ? context.params[parameter] : undefined
}

/** Commands have neither host nor headers: they name their tenant by an argument or option that they declare. */
function ofShell(context: CallContext, name: string): string | undefined {
  if (!(context instanceof CommandContext)) return undefined
  const given = context.input.arguments?.[name] ?? context.input.options?.[name]
  return typeof given === 'string' ? given : undefined
}

/** The one label before the domain; deeper names and the domain itself name nobody. */
function ofHost(context: CallContext, domain: string | undefined): string | undefined {
  if (domain === undefined || !(context instanceof HttpContext)) return undefined
  const host = context.request.hostname?.toLowerCase()
  const end = `.${domain.toLowerCase()}`
  if (!host?.endsWith(end)) return undefined
  const label = host.slice(0, -end.length)
  return label === '' || label.includes('.') ? undefined : label
}
