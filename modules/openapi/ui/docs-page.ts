/** The documentation page: one HTML file and two scripts. Nothing in it comes from elsewhere, and no script is inline. */
import type { OpenApiDocument } from '../document/openapi-document.ts'

export interface DocsSource {
  /** What the switch between versions calls it. */
  readonly title: string
  /** What addresses within the page begin with. */
  readonly slug?: string
  /** Where the document is, seen from the page; or the document itself. */
  readonly url?: string
  readonly content?: object
}

export interface DocsPageOptions {
  readonly title: string
  /** The last one is shown first: the newest version. */
  readonly sources: readonly DocsSource[]
  /** The folder of the two scripts, seen from the page. */
  readonly scripts: string
  /** Where the application is, seen from the page: for documents that name no server. */
  readonly root?: string | undefined
  /** The way to authenticate that is chosen at first. */
  readonly scheme?: string | undefined
}

/** How one of several versions is called in the switch. */
export function versionSource(version: string): DocsSource {
  return { title: `Version ${version}`, slug: version }
}

/** What the page may load: its own files, and calls to the API. Scalar writes its styles into the page as it runs. */
export function contentSecurityPolicy(servers: readonly string[]): string {
  const origins = servers.flatMap((server) => URL.parse(server)?.origin ?? [])
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src ${["'self'", ...new Set(origins)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** What readers have at hand: a token or a password before keys and cookies. */
export function preferredScheme({ components }: OpenApiDocument): string | undefined {
  const schemes = Object.entries(components?.securitySchemes ?? {})
  const [name] = schemes.find(([, { type }]) => type === 'http') ?? schemes[0] ?? []
  return name
}

export function docsPage({ title, sources, scripts, root, scheme }: DocsPageOptions): string {
  const last = sources.length - 1
  const configuration = {
    ...(root === undefined ? {} : { servers: [{ url: root }] }),
    ...(scheme === undefined ? {} : { authentication: { preferredSecurityScheme: scheme } }),
    sources: sources.map((source, index) => ({ ...source, ...(index === last ? { default: true } : {}) })),
    ...SCALAR,
  }
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)}</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This page needs JavaScript; the document itself does not.</noscript>
    <script id="configuration" type="application/json">${embedded(configuration)}</script>
    <script src="${escaped(scripts)}/reference.js"></script>
    <script src="${escaped(scripts)}/start.js"></script>
  </body>
</html>
`
}

/** Nothing leaves the page but the calls that its reader makes. */
const SCALAR = {
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  persistAuth: false,
  defaultOpenFirstTag: true,
  orderSchemaPropertiesBy: 'preserve',
  documentDownloadType: 'direct',
  // A section has the focus when an address leads to it: nothing in it is typed into.
  customCss: 'section:focus-visible { outline: none; }',
} as const

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** As JSON that cannot end the element it stands in. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}
