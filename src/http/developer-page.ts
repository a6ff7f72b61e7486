/**
 * What a browser shows of an error in development: what went wrong, where in the source, how it got there, and what to
 * do. Self-contained and without scripts; loaded only when it is shown, and never in production.
 */
import { createHash } from 'node:crypto'

import { TenonError } from '../errors/define-error.ts'
import type { Problem } from '../errors/problem.ts'
import { printLocation } from '../errors/source-location.ts'
import { codeFrame, stackFrames, type StackFrame } from '../errors/stack-frames.ts'
import { describeEndpoint, type Endpoint, type Route } from '../pipeline/endpoint.ts'
import type { HttpContext } from './http-context.ts'
import type { ProblemBody } from './write-problem.ts'

export interface DeveloperPageParts {
  readonly call: HttpContext
  readonly problem: Problem
  readonly error: unknown
  readonly traceId: string
  /** All routes, for requests that none of them answers. */
  readonly routes: readonly Route[]
}

/** The page with the headers it needs. */
export function developerPage(parts: DeveloperPageParts): ProblemBody {
  return {
    type: 'text/html; charset=utf-8',
    text: render(parts),
    headers: [
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cache-control',
      'no-store',
      'referrer-policy',
      'no-referrer',
    ],
  }
}

function render({ call, problem, error, traceId, routes }: DeveloperPageParts): string {
  const { method, originalUrl } = call.request
  const title = `${problem.status} ${problem.title}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title><style>${STYLE}</style></head><body><main>
<header>
<p class="kicker"><span class="status s${Math.floor(problem.status / 100)}">${problem.status}</span> ${html(problem.title)}
<code>${html(problem.code)}</code></p>
<h1>${html(messageOf(error, problem))}</h1>
<p class="request"><b>${html(method)}</b> ${html(originalUrl)} ${handledBy(call.endpoint)}</p>
</header>
${helpOf(error)}${listOf(problem)}
${call.endpoint.route ? causes(error).map(section).join('') : routesSection(routes)}
${requestSection(call, traceId)}
<footer>This page is shown in development only. In production the caller gets the problem as JSON, without source and stack.</footer>
</main></body></html>
`
}

function messageOf(error: unknown, problem: Problem): string {
  if (error instanceof Error) return error.message || error.name
  return problem.detail ?? `${problem.title}: a value that is no Error was thrown: ${String(error)}`
}

function handledBy(endpoint: Endpoint): string {
  return endpoint.route ? `<span>handled by ${html(endpoint.name)}, ${html(describeEndpoint(endpoint))}</span>` : ''
}

/** Where a request went astray: what there is instead. */
function routesSection(routes: readonly Route[]): string {
  if (routes.length === 0) return '<section><h2>The application has no routes</h2></section>'
  const sorted = routes.toSorted((a, b) => a.path.localeCompare(b.path))
  const rows = sorted.map(({ method, path }) => `<li><b>${html(method)}</b> ${html(path)}</li>`)
  return `<section><h2>The routes of the application</h2><ul class="routes">${rows.join('')}</ul></section>`
}

function helpOf(error: unknown): string {
  return error instanceof TenonError ? `<p class="help"><b>What to do</b> ${html(error.help)}</p>` : ''
}

function listOf({ errors = [] }: Problem): string {
  if (errors.length === 0) return ''
  const rows = errors.map(({ pointer, code, detail }) => row(pointer, `${html(detail)} <code>${html(code)}</code>`))
  return `<section><h2>What is wrong with the input</h2><table>${rows.join('')}</table></section>`
}

/** The error and what caused it, outermost first; a cycle ends the list. */
function causes(error: unknown): readonly Error[] {
  const found: Error[] = []
  for (let each = error; each instanceof Error && !found.includes(each); each = each.cause) found.push(each)
  return found
}

function section(error: Error, depth: number): string {
  const frames = stackFrames(error)
  const shown = frames.find((frame) => frame.isOwn) ?? frames[0]
  const own = frames.filter((frame) => frame.isOwn)
  const foreign = frames.filter((frame) => !frame.isOwn)
  return `<section>
<h2>${depth === 0 ? 'Where it was thrown' : `Caused by ${html(`${error.name}: ${error.message}`)}`}</h2>
${shown ? frameBlock(shown) : `<pre class="plain">${html(error.stack ?? String(error))}</pre>`}
${own.length > 0 ? `<h3>Call stack</h3>${stackList(own)}` : ''}
${foreign.length > 0 ? `<details><summary>In the framework, in packages and in Node: ${foreign.length}</summary>${stackList(foreign)}</details>` : ''}
</section>`
}

function frameBlock({ location }: StackFrame): string {
  const lines = codeFrame(location)
  const width = String(lines.at(-1)?.number ?? 0).length
  const code = lines.map(
    ({ number, text, isHit }) =>
      `<span class="line${isHit ? ' hit' : ''}"><i>${String(number).padStart(width)}</i>${html(text) || ' '}</span>`,
  )
  const block = code.length > 0 ? `<pre class="code">${code.join('')}</pre>` : ''
  return `<p class="place">${html(printLocation(location))}</p>${block}`
}

function stackList(frames: readonly StackFrame[]): string {
  const items = frames.map(
    ({ name, location }) =>
      `<li><b>${html(name || '(anonymous)')}</b><span>${html(printLocation(location))}</span></li>`,
  )
  return `<ol class="stack">${items.join('')}</ol>`
}

const SECRET = /auth|cookie|token|secret|password|api-?key|session|csrf/i

function requestSection(call: HttpContext, traceId: string): string {
  const headers = Object.entries(call.request.headers).map(([name, value]) =>
    row(name, SECRET.test(name) ? '<em>hidden</em>' : html(String(value))),
  )
  const params = Object.entries(call.params).map(([name, value]) => row(`:${name}`, html(value ?? '')))
  return `<section><h2>Request</h2><table>
${row('Request id', `<code>${html(call.id)}</code>`)}${traceId === call.id ? '' : row('Trace id', `<code>${html(traceId)}</code>`)}
${params.join('')}</table>
<details><summary>Headers: ${headers.length}</summary><table>${headers.join('')}</table></details></section>`
}

/** @param value - Markup. */
function row(name: string, value: string): string {
  return `<tr><th>${html(name)}</th><td>${value}</td></tr>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function html(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c1f26;--soft:#5d6573;--paper:#f6f7f9;--card:#fff;--line:#e2e5ea;--hit:#fdeceb;--red:#c22f26;--amber:#96600b;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
@media(prefers-color-scheme:dark){:root{--ink:#e7e9ee;--soft:#9aa3b2;--paper:#14161b;--card:#1c1f26;--line:#2e333d;--hit:#43211f;--red:#ff8078;--amber:#f0b85a}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
main{max-width:960px;margin:0 auto;padding:40px 24px 56px}
h1{margin:8px 0 12px;font-size:26px;line-height:1.3;font-weight:650;overflow-wrap:anywhere}
h2{margin:0 0 12px;font-size:16px;font-weight:650}h3{margin:20px 0 6px;font-size:13px;color:var(--soft);font-weight:600}
.kicker{margin:0;color:var(--soft)}.kicker code{margin-left:8px}
.status{display:inline-block;padding:1px 9px;border-radius:6px;color:#fff;background:#96600b;font-weight:650}.status.s5{background:#c22f26}
.request{margin:0;color:var(--soft);font:13px/1.6 var(--mono);overflow-wrap:anywhere}.request b{color:var(--ink)}.request span{display:inline-block}
section,.help{margin:20px 0 0;padding:20px 22px;background:var(--card);border:1px solid var(--line);border-radius:10px}
.help{border-left:4px solid var(--amber)}.help b{display:block;color:var(--amber);font-size:13px}
.place{margin:0 0 8px;font:13px/1.5 var(--mono);color:var(--red);overflow-wrap:anywhere}
pre{margin:0;overflow-x:auto;font:13px/1.65 var(--mono);tab-size:2}
.code{padding:10px 0;border:1px solid var(--line);border-radius:8px;background:var(--paper)}
.line{display:block;min-width:max-content;padding:0 16px 0 0;white-space:pre}
.line i{display:inline-block;padding:0 14px 0 16px;color:var(--soft);font-style:normal;user-select:none}
.hit{background:var(--hit);box-shadow:inset 3px 0 var(--red)}.hit i{color:var(--red)}
.stack{margin:0;padding:0;list-style:none;font:13px/1.5 var(--mono)}
.stack li{display:flex;flex-wrap:wrap;gap:2px 16px;justify-content:space-between;padding:6px 0;border-top:1px solid var(--line)}
.stack li:first-child{border-top:0}.stack b{font-weight:600}.stack span{color:var(--soft);overflow-wrap:anywhere}
ul.routes{margin:0;padding:0;list-style:none;columns:2 320px;font:13px/1.9 var(--mono);overflow-wrap:anywhere}.routes b{display:inline-block;width:72px;color:var(--soft)}
table{width:100%;border-collapse:collapse;font-size:13px}th,td{padding:5px 0;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{width:200px;padding-right:16px;color:var(--soft);font-weight:500}code{font:12.5px var(--mono)}
details{margin-top:12px}summary{cursor:pointer;color:var(--soft);font-size:13px}details[open] summary{margin-bottom:6px}
footer{margin-top:24px;color:var(--soft);font-size:13px}
@media(max-width:560px){main{padding:24px 14px}th{display:block;width:auto;padding-bottom:0}td{display:block;padding-top:0}}
`
