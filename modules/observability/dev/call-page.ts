/** `/_dev/calls/:id`: one call, from its first interceptor to its last byte. */
import { Problem, type LogRecord } from 'tenon'

import { durationOf, nameOf } from './call-list-page.ts'
import { ownLogs, type DevCall } from './dev-calls.ts'
import { html, type Content, type Markup } from './markup.ts'
import { bytes, duration, renderPage, statusPill, type Page } from './page.ts'
import { sqlLine, sqlText } from './readable-sql.ts'
import { repeatedQueries } from './repeated-queries.ts'
import { timeShares } from './time-shares.ts'
import { timelineOf, type RowKind, type TimelineRow } from './timeline.ts'

/** Parts of the framework that took less than this share of the call are folded away. */
const QUICK = 0.02

export function callPage(service: string, devCall: DevCall): Page {
  const { recording, at } = devCall
  const { call, outcome } = recording
  const rows = timelineOf(recording)
  const { traceId } = recording.identity
  const body = html`<a class="back" href="/_dev">← Calls</a>
    <div class="bar"><h1 class="path">${nameOf(devCall)} ${statusPill(outcome?.status)}</h1></div>
    <p class="ids">
      ${call.endpoint.name} · ${at.toISOString()}<br />request ${call.id} · trace
      ${traceId}${call.principal && html`<br />user ${call.principal.id}`}${call.tenant !== undefined && html` · tenant ${call.tenant}`}
    </p>
    ${tiles(devCall, rows)} ${failure(outcome?.error)} ${timeline(rows)} ${queries(devCall, rows)}
    ${logs(ownLogs(devCall))}`
  return renderPage({ title: `${call.endpoint.name} ${outcome?.status ?? ''}`, service, body })
}

function tiles(devCall: DevCall, rows: readonly TimelineRow[]): Markup {
  const { queries: count, queriesMs } = devCall.recording
  const fetches = rows.filter(({ kind }) => kind === 'fetch')
  const tile = (name: string, value: Content): Markup =>
    html`<div class="tile"><span>${name}</span><b>${value}</b></div>`
  return html`<div class="tiles">
    ${tile('Took', duration(durationOf(devCall)))}
    ${tile(`Statements${count > 0 ? `, ${duration(queriesMs)}` : ''}`, count)} ${tile('Outgoing calls', fetches.length)}
    ${tile('Event loop held', duration(devCall.loopDelayMs))}
    ${tile('Heap', html`${devCall.heapGrowthBytes > 0 ? '+' : ''}${bytes(devCall.heapGrowthBytes)}`)}
  </div>`
}

/** Kinds of parts, as people call them. */
const KINDS: ReadonlyMap<RowKind, string> = new Map([
  ['call', 'in between'],
  ['interceptor', 'interceptors'],
  ['handler', 'handler'],
  ['method', '@Traced'],
  ['own', 'own spans'],
  ['query', 'SQL'],
  ['fetch', 'outgoing'],
  ['answer', 'answer'],
])

/** One bar for the whole: what is worth looking at first. */
function shares(rows: readonly TimelineRow[]): Markup {
  const found = timeShares(rows, [...KINDS.keys()])
  const wholeMs = found.reduce((sum, { ms }) => sum + ms, 0)
  const percent = (ms: number): string => `${((ms / wholeMs) * 100).toFixed(3)}%`
  let from = 0
  return html`<svg class="shares" aria-hidden="true">
      ${found.map(({ kind, ms }) => {
        const x = percent(from)
        from += ms
        return html`<rect class="${kind}" x="${x}" width="${percent(ms)}" height="14" />`
      })}
    </svg>
    <div class="legend">
      ${found.map(({ kind, ms }) => html`<span><i class="${kind}"></i>${KINDS.get(kind)} <b>${duration(ms)}</b></span>`)}
    </div>`
}

function timeline(rows: readonly TimelineRow[]): Markup {
  const [whole] = rows
  if (!whole) return html``
  const totalMs = Math.max(whole.durationMs, 0.001)
  const isQuick = ({ kind, durationMs }: TimelineRow): boolean =>
    (kind === 'interceptor' || kind === 'answer') && durationMs < totalMs * QUICK
  const folded = rows.filter(isQuick).length
  let query = 0
  return html`<section class="card">
    <div class="bar">
      <h2>Where the time went</h2>
      <div class="tools">
        ${folded > 0 && html`<label><input id="quick" type="checkbox" /> show ${folded} quick parts</label>`}
      </div>
    </div>
    ${shares(rows)}
    <div class="timeline">
      ${scale(totalMs)}
      ${rows.map((row) => timelineRow(row, totalMs, isQuick(row), row.kind === 'query' ? ++query : undefined))}
    </div>
  </section>`
}

/** Ticks at round times, above the rows and faintly behind them. */
function scale(totalMs: number): Markup {
  const magnitude = 10 ** Math.floor(Math.log10(totalMs / 3))
  const step = [5, 2, 1].map((each) => each * magnitude).find((each) => each <= totalMs / 3) ?? magnitude
  // The last one would stand on the right edge.
  const ticks = Array.from({ length: Math.floor((totalMs * 0.93) / step) + 1 }, (_, index) => index * step)
  return html`<div class="t scale" aria-hidden="true">
    <span></span>
    <svg>
      <defs>
        <pattern id="ticks" width="${(step / totalMs).toFixed(5)}" height="1">
          <rect class="tick" width="1" height="28" />
        </pattern>
      </defs>
      ${ticks.map((ms) => html`<text x="${((ms / totalMs) * 100).toFixed(3)}%" y="18">${tick(ms)}</text>`)}
    </svg>
    <span></span>
  </div>`
}

function tick(ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toFixed(2))} s` : `${Number(ms.toFixed(3))} ms`
}

/** @param query - Which statement of the call it is: the list below has it in full. */
function timelineRow(row: TimelineRow, totalMs: number, isQuick: boolean, query: number | undefined): Markup {
  const percent = (ms: number): string => `${((ms / totalMs) * 100).toFixed(3)}%`
  const detail = row.phase ?? row.place?.split('/').at(-1) ?? textOf(row, 'url.full')
  const name = html`${row.name}${detail !== undefined && html`<small>${detail}</small>`}`
  return html`<div class="t ${row.kind} d${Math.min(row.depth, 13)}${row.hasFailed && ' failed'}${isQuick && ' quick'}">
    <span class="name" title="${row.name}">${query === undefined ? name : html`<a href="#q${query}">${name}</a>`}</span>
    <svg aria-hidden="true">
      <rect class="ticks" width="100%" height="28" fill="url(#ticks)" />
      <rect
        x="${percent(row.startMs)}"
        y="8"
        width="${percent(Math.max(row.durationMs, totalMs / 500))}"
        height="12"
        rx="2.5"
      />
    </svg>
    <span class="num">${duration(row.durationMs)}</span>
  </div>`
}

function queries({ recording }: DevCall, rows: readonly TimelineRow[]): Markup {
  const sent = rows.filter(({ kind }) => kind === 'query')
  if (sent.length === 0) return html``
  const [repeated] = repeatedQueries(recording)
  const { queries: count, queriesMs } = recording
  return html`<section class="card">
    <h2>SQL<small>${count} ${count === 1 ? 'statement' : 'statements'}, ${duration(queriesMs)}</small></h2>
    ${repeated && html`<p class="hint"><b>${repeated.count}× the same statement.</b> Rows that are fetched one by one could come with one statement: a relation, or a list with In(…).${repeated.place !== undefined && html` Asked at <span class="place">${repeated.place}</span>`}</p>`}
    <ol class="sql">
      ${sent.map((row, index) => query(row, index + 1))}
    </ol>
  </section>`
}

/** A line each; a click shows all of it. */
function query(row: TimelineRow, index: number): Markup {
  const sql = textOf(row, 'db.query.text') ?? ''
  const rows = row.attributes['db.response.returned_rows'] as number | undefined
  const answersRows = rows !== undefined && /^\s*(select|with)\b|\breturning\b/i.test(sql)
  const facts = [
    ...(answersRows ? [`${rows} ${rows === 1 ? 'row' : 'rows'}`] : []),
    ...(row.hasFailed ? [html`<b class="wrong">failed</b>`] : []),
    ...(row.place === undefined ? [] : [html`<code>${row.place}</code>`]),
  ]
  return html`<li id="q${index}">
    <details>
      <summary>
        <span class="index">${index}</span>
        <code class="line">${sqlLine(sql)}</code>
        <span class="num">${duration(row.durationMs)}</span>
        <span class="meta">${facts.map((fact, at) => [at > 0 && ' · ', fact])}</span>
      </summary>
      ${sqlText(sql)}
    </details>
  </li>`
}

function textOf({ attributes }: TimelineRow, name: string): string | undefined {
  const value = attributes[name]
  return typeof value === 'string' ? value : undefined
}

function logs(records: readonly LogRecord[]): Markup {
  if (records.length === 0) return html``
  return html`<section class="card">
    <h2>Log<small>${records.length} ${records.length === 1 ? 'line' : 'lines'}</small></h2>
    <table class="log">
      ${records.map(logLine)}
    </table>
  </section>`
}

/** What every line of the call says stands above already. */
const OF_THE_CALL: ReadonlySet<string> = new Set(['requestId', 'traceId', 'spanId', 'endpoint', 'user', 'tenant'])

function logLine({ time, level, logger, message, fields }: LogRecord): Markup {
  const own = Object.entries(fields).filter(([name]) => !OF_THE_CALL.has(name))
  const text = own.map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)}`,
  )
  return html`<tr class="${level}">
    <td>${time.toISOString().slice(11, 23)}</td>
    <td>${level}</td>
    <td>${logger ?? ''}</td>
    <td>${message}${text.length > 0 && html`<pre>${text.join('\n')}</pre>`}</td>
  </tr>`
}

function failure(error: unknown): Markup {
  if (error === undefined) return html``
  if (error instanceof Problem)
    return html`<section class="card">
      <h2>Problem</h2>
      <p class="wrong">${error.title}</p>
    </section>`
  if (!(error instanceof Error))
    return html`<section class="card">
      <h2>Problem</h2>
      <p class="wrong">${JSON.stringify(error)}</p>
    </section>`
  const { code } = error as { readonly code?: unknown }
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return html`<section class="card">
    <h2>Problem${typeof code === 'string' && html`<small>${code}</small>`}</h2>
    <p class="wrong">${error.name}: ${error.message}</p>
    <pre class="stack">${stack.join('\n')}</pre>
  </section>`
}
