/** CORS settings that would let in whom nobody meant: found by the check, at the decorator. */
import { defineDiagnostic, type CheckInput, type CheckRule, type Diagnostic, type Endpoint } from 'tenon'
import { CORS, UNKNOWN_SITE, type CallSite, type Class, type CorsOptions } from 'tenon/decorators'

import { applicationCors, type CorsSettings } from './application-cors.ts'
import { corsFaults, mergeCors } from './cors-policy.ts'

const CorsUnsafe = defineDiagnostic({
  code: 'SECURITY_CORS_UNSAFE',
  message: (place: string, fault: string) => `CORS of ${place} lets in ${fault}.`,
  help: 'Name the origins, as browsers send them, or anchor the expression at both ends: /^https:\\/\\/[a-z]+\\.example\\.com$/.',
})

/** @param module - Whose settings count. */
export function corsRule(module: () => Class): CheckRule {
  return (input) => {
    const settings = settingsOf(input, module())
    const application = applicationCors(settings.values)
    const ofApplication = corsFaults(application ?? {}).map((fault) =>
      CorsUnsafe({ at: settings.at }, 'the application', fault),
    )
    return [...ofApplication, ...ownFaults(input, ofApplication.length > 0 ? undefined : application)]
  }
}

function ownFaults({ graph }: CheckInput, application: CorsOptions | undefined): readonly Diagnostic[] {
  const seen = new Set<CallSite>()
  return graph.endpoints.flatMap((endpoint) => {
    const written = writtenFor(endpoint)
    if (!written?.value || seen.has(written.at)) return []
    seen.add(written.at)
    const options = mergeCors(application, written.value)
    return corsFaults(options ?? {}).map((fault) => CorsUnsafe({ at: written.at }, endpoint.name, fault))
  })
}

function writtenFor({ type, method, module }: Endpoint): ReturnType<typeof CORS.written> {
  return CORS.written(type, method) ?? CORS.written(type) ?? (module && CORS.written(module))
}

/** As far as they are known before anything runs; a function of settings is checked when the endpoints are compiled. */
function settingsOf({ configured, environment }: CheckInput, module: Class): { values: CorsSettings; at: CallSite } {
  const inCode = configured.get(module)
  const origins = environment.variables['CORS_ORIGINS']
  const values: CorsSettings = {
    ...(origins && { corsOrigins: origins.split(',').map((origin) => origin.trim()) }),
    corsCredentials: /^(true|1|yes|on)$/i.test(environment.variables['CORS_CREDENTIALS'] ?? ''),
    ...(typeof inCode?.settings === 'object' ? inCode.settings : {}),
  }
  return { values, at: inCode?.at ?? UNKNOWN_SITE }
}
