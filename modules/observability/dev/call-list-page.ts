/** `/_dev`: the last calls, the latest first. */
import { HttpContext } from 'tenon'

import { ownLogs, type DevCall } from './dev-calls.ts'
import { html, type Markup } from './markup.ts'
import { duration, renderPage, statusPill, type Page } from './page.ts'
import { repeatedQueries } from './repeated-queries.ts'

export function callListPage(service: string, calls: readonly DevCall[]): Page {
  const fullMs = Math.max(1, within(calls, 0.95))
  const body = html`<div class="bar">
      <h1>Calls</h1>
      <div class="tools">
        <input id="filter" type="search" placeholder="Filter: path, status, user   /" aria-label="Filter" />
        <label><input id="live" type="checkbox" checked /> live</label>
        <button data-profile="/_dev/profile?seconds=5" title="Records where the processor's time goes, for DevTools">
          CPU profile, 5 s
        </button>
      </div>
    </div>
    ${summary(calls)}
    <div class="card flush" id="calls">${calls.length === 0 ? EMPTY : table(calls, fullMs)}</div>`
  return renderPage({ title: 'Calls', service, body })
}

function summary(calls: readonly DevCall[]): Markup {
  const failed = calls.filter(({ recording }) => (recording.outcome?.status ?? 0) >= 500).length
  const queries = calls.reduce((sum, { recording }) => sum + recording.queries, 0)
  const at = (share: number): string => (calls.length === 0 ? '–' : duration(within(calls, share)))
  const each = calls.length === 0 ? '–' : (queries / calls.length).toFixed(1)
  return html`<div class="tiles" id="summary">
    <div class="tile"><span>Calls kept</span><b>${calls.length}</b></div>
    <div class="tile"><span>Median</span><b>${at(0.5)}</b></div>
    <div class="tile"><span>95 of 100 within</span><b>${at(0.95)}</b></div>
    <div class="tile"><span>Statements a call</span><b>${each}</b></div>
    <div class="tile"><span>Failed (5xx)</span><b>${failed}</b></div>
  </div>`
}

/** The time that so many of the calls did not exceed; one that waits for a person's password must not hide the others. */
function within(calls: readonly DevCall[], share: number): number {
  const durations = calls.map(durationOf).toSorted((a, b) => a - b)
  return durations[Math.ceil(durations.length * share) - 1] ?? 0
}

function table(calls: readonly DevCall[], fullMs: number): Markup {
  return html`<table>
    <thead>
      <tr>
        <th>Time</th>
        <th>Call</th>
        <th>Status</th>
        <th class="num">Took</th>
        <th class="hide"></th>
        <th class="num hide">SQL</th>
        <th class="num hide">Log</th>
      </tr>
    </thead>
    <tbody>
      ${calls.map((call) => row(call, fullMs))}
    </tbody>
  </table>`
}

function row(devCall: DevCall, fullMs: number): Markup {
  const { recording, at } = devCall
  const { call, queries, queriesMs, outcome } = recording
  const took = durationOf(devCall)
  const repeated = repeatedQueries(recording)[0]
  const { principal, tenant } = call
  return html`<tr>
    <td class="meta time">${at.toTimeString().slice(0, 8)}</td>
    <td class="what">
      <a class="path" href="/_dev/calls/${encodeURIComponent(call.id)}"
        >${nameOf(devCall)}${repeated && html`<span class="tag">${repeated.count}× the same statement</span>`}</a
      >
      <span class="who"
        >${call.endpoint.name}${principal && html` · <span title="${principal.id}">as ${shortId(principal.id)}</span>`}${tenant !== undefined && ` · ${tenant}`}</span
      >
    </td>
    <td class="state">${statusPill(outcome?.status)}</td>
    <td class="num took">${duration(took)}</td>
    <td class="hide">${meter(took, queriesMs, fullMs)}</td>
    <td class="num hide">
      ${queries === 0 ? '–' : html`${queries} <span class="meta">· ${duration(queriesMs)}</span>`}
    </td>
    <td class="num hide">${ownLogs(devCall).length || '–'}</td>
  </tr>`
}

/** Of a UUID the first digits: they tell people apart, and the rest is behind the pointer. */
function shortId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id) ? `${id.slice(0, 8)}…` : id
}

/** The whole, and the part of it that statements took; the few that took longer than the rest fill all of it. */
function meter(took: number, queriesMs: number, fullMs: number): Markup {
  const share = (ms: number): string =>
    `${Math.min(100, (ms / Math.max(fullMs, took > fullMs ? took : 0)) * 100).toFixed(2)}%`
  return html`<svg class="meter" aria-hidden="true">
    <rect class="back" width="100%" height="8" rx="4" />
    <rect class="rest" width="${share(took)}" height="8" rx="4" />
    <rect class="sql" width="${share(Math.min(took, queriesMs))}" height="8" rx="4" />
  </svg>`
}

export function nameOf({ recording: { call } }: DevCall): Markup {
  if (!(call instanceof HttpContext)) return html`<b>${call.endpoint.transport}</b> ${call.endpoint.name}`
  const { method, originalUrl } = call.request
  // Values of a query may be secrets, in development too: this page is shown around.
  return html`<b>${method}</b> ${originalUrl.split('?', 1)[0]}`
}

export function durationOf({ recording }: DevCall): number {
  return recording.outcome?.durationMs ?? performance.now() - recording.startedAt
}

const EMPTY = html`<div class="empty">
  No calls yet. Send one, and it appears here:<br /><code>curl -i http://localhost:3000/</code>
</div>`
