import { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

import { UNKNOWN_SITE } from 'tenon/decorators'

import type { Diagnostic } from '../../../src/check/diagnostic.ts'
import { printDiagnostics, summarize } from '../../../src/check/print-diagnostics.ts'
import { checkProgram } from './read-program.ts'

import * as missingService from './fixtures/missing-service.ts'
import * as redirectInvalid from './fixtures/redirect-invalid.ts'

const NOWHERE: Diagnostic = {
  code: 'SHOP_CLOSED',
  severity: 'warning',
  message: 'The shop is closed.',
  at: UNKNOWN_SITE,
  path: ['Shop'],
  help: 'Open it.',
}

describe('printDiagnostics', () => {
  const { env } = process

  beforeEach(() => {
    process.env = { ...env }
  })

  afterEach(() => {
    process.env = env
  })

  it('shows what is wrong, where, how the wiring led there, and the fix', async () => {
    const printed = printDiagnostics(await checkProgram(missingService))

    expect(printed).toBe(
      `error WIRING_PROVIDER_MISSING at test/src/check/fixtures/missing-service.ts:12:24
  ReportService needs Calendar, and nothing provides it.

    11 | class ReportService {
  > 12 |   constructor(readonly calendar: Calendar) {} // expect: WIRING_PROVIDER_MISSING
       |                        ^^^^^^^^
    13 | }

  path: ReportController -> ReportService -> Calendar
  fix:  Add Calendar to \`providers\` of AppModule, or import the module that provides it.

1 error`,
    )
  })

  it('leaves out the frame and the path where there is none', () => {
    expect(printDiagnostics([NOWHERE])).toBe(
      'warning SHOP_CLOSED at <unknown place>\n  The shop is closed.\n  fix:  Open it.\n\n1 warning',
    )
  })

  it('breaks long sentences between words, and never inside code', () => {
    const help = `${'word '.repeat(15)}Write @Body({ schema: z.object({ id: z.string() }) }) instead.`

    const printed = printDiagnostics([{ ...NOWHERE, help }])

    expect(printed).toContain('word Write\n        @Body({ schema: z.object({ id: z.string() }) }) instead.')
  })

  it('shows control characters instead of sending them to the terminal', async () => {
    const printed = printDiagnostics(await checkProgram(redirectInvalid))

    expect(printed).toContain(String.raw`redirects to "/new\x0d\x0aset-cookie: a=b"`)
    expect(printDiagnostics([{ ...NOWHERE, message: 'a\u001B[2Jb' }])).toContain(String.raw`a\x1b[2Jb`)
  })

  it('is coloured on a terminal, and only there', async () => {
    for (const name of ['FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS']) delete process.env[name]
    const diagnostics = await checkProgram(missingService)
    const plain = printDiagnostics(diagnostics)

    const onTerminal = printDiagnostics(diagnostics, { stream: stream({ isTTY: true, colors: 8 }) })
    const inFile = printDiagnostics(diagnostics, { stream: stream({ isTTY: false, colors: 1 }) })

    expect(onTerminal).toContain('\u001B[31m')
    expect(stripVTControlCharacters(onTerminal)).toBe(plain)
    expect(inFile).toBe(plain)
  })
})

describe('summarize', () => {
  it('counts each severity, errors first', () => {
    const all = (['note', 'warning', 'error', 'error'] as const).map((severity) => ({ ...NOWHERE, severity }))

    expect(summarize(all)).toBe('2 errors, 1 warning, 1 note')
    expect(summarize([])).toBe('Nothing found.')
  })
})

/** A stream that says of itself what terminals say. */
function stream({ isTTY, colors }: { isTTY: boolean; colors: number }): NodeJS.WritableStream {
  const answers = { isTTY, getColorDepth: () => colors, hasColors: () => isTTY }
  return Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), answers)
}
