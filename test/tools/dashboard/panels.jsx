/**
 * A dashboard of Grafana's, drawn without Grafana: the panels and the way fields are configured are Grafana's own components
 * (`@grafana/ui`, `@grafana/data`); the grid, the rows and the queries to Prometheus are ours.
 */
import {
  applyFieldOverrides,
  createTheme,
  displayNameOverrideProcessor,
  dateTime,
  FieldType,
  getFieldDisplayValues,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardFieldConfigEditorRegistry,
  ThemeContext,
  thresholdsOverrideProcessor,
  toDataFrame,
  unitOverrideProcessor,
} from '@grafana/data'
import { BigValue, GlobalStyles, PanelChrome, TimeSeries } from '@grafana/ui'
import { createRoot } from 'react-dom/client'

const WIDTH = 1240
const UNIT = 38
const GAP = 8

const { dashboard, open, fromMs, toMs, stepSeconds, rateInterval } = await (await fetch('/input.json')).json()
const theme = createTheme({ colors: { mode: 'dark' } })
const range = { from: dateTime(fromMs), to: dateTime(toMs) }
const timeRange = { ...range, raw: range }

/** What may be said of a field, as far as our dashboards say it; Grafana's application registers these itself. */
const item = (id, process, custom = false) => ({
  id: custom ? `custom.${id}` : id,
  path: id,
  name: id,
  isCustom: custom,
  process,
  override: () => null,
  editor: () => null,
  settings: {},
  shouldApply: () => true,
})
standardFieldConfigEditorRegistry.setInit(() => [
  item('unit', unitOverrideProcessor),
  item('min', numberOverrideProcessor),
  item('max', numberOverrideProcessor),
  item('decimals', numberOverrideProcessor),
  item('displayName', displayNameOverrideProcessor),
  item('noValue', identityOverrideProcessor),
  item('color', identityOverrideProcessor),
  item('thresholds', thresholdsOverrideProcessor),
  item('lineStyle', identityOverrideProcessor, true),
  item('fillOpacity', identityOverrideProcessor, true),
])

/** As Grafana's data source for Prometheus names lines: a template, or the labels in which they differ. */
function legendOf(template, metric, all) {
  if (template !== '__auto') return template.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => metric[name] ?? '')
  const differing = Object.entries(metric).filter(
    ([name, value]) => name !== '__name__' && all.some((other) => other[name] !== value),
  )
  if (all.length > 1) return `{${differing.map(([name, value]) => `${name}="${value}"`).join(', ')}}`
  return metric.__name__ ?? 'Value'
}

async function framesOf(panel) {
  const found = await Promise.all(
    panel.targets.map(async ({ expr, legendFormat, refId }) => {
      const query = expr.replaceAll('$__rate_interval', rateInterval)
      const search = new URLSearchParams({ query, start: fromMs / 1000, end: toMs / 1000, step: stepSeconds })
      const { data } = await (await fetch(`/prometheus/api/v1/query_range?${search}`)).json()
      const metrics = data.result.map(({ metric }) => metric)
      return data.result.map(({ metric, values }) =>
        toDataFrame({
          refId,
          fields: [
            {
              name: 'Time',
              type: FieldType.time,
              values: values.map(([at]) => at * 1000),
              config: { interval: stepSeconds * 1000 },
            },
            {
              name: 'Value',
              type: FieldType.number,
              // What is no number is a gap, as in Grafana.
              values: values.map(([, value]) => (Number.isFinite(Number(value)) ? Number(value) : null)),
              labels: metric,
              config: { displayNameFromDS: legendOf(legendFormat, metric, metrics) },
            },
          ],
        }),
      )
    }),
  )
  const { defaults, overrides } = panel.fieldConfig
  const color = { mode: panel.type === 'stat' ? 'thresholds' : 'palette-classic' }
  return applyFieldOverrides({
    data: found.flat(),
    fieldConfig: { defaults: { color, ...defaults }, overrides },
    replaceVariables: (text) => text,
    theme,
    timeZone: 'utc',
  })
}

function Content({ panel, frames, width, height }) {
  if (frames.every(({ length }) => length === 0)) {
    return <div className="empty">{panel.fieldConfig.defaults.noValue ?? 'No data'}</div>
  }
  if (panel.type === 'timeseries') {
    const { legend } = panel.options
    return (
      <TimeSeries frames={frames} width={width} height={height} timeRange={timeRange} timeZone="utc" legend={legend} />
    )
  }
  const { reduceOptions, ...options } = panel.options
  const [{ display, sparkline }] = getFieldDisplayValues({
    data: frames,
    fieldConfig: panel.fieldConfig,
    reduceOptions: { ...reduceOptions, calcs: reduceOptions.calcs.length > 0 ? reduceOptions.calcs : ['lastNotNull'] },
    replaceVariables: (text) => text,
    theme,
    timeZone: 'utc',
    sparkline: true,
  })
  return (
    <BigValue
      value={display}
      sparkline={sparkline}
      colorMode={options.colorMode}
      graphMode={options.graphMode}
      justifyMode={options.justifyMode}
      textMode="value"
      width={width}
      height={height}
      theme={theme}
    />
  )
}

function place({ x, y, w, h }) {
  return {
    position: 'absolute',
    left: (x * WIDTH) / 24 + GAP / 2,
    top: y * UNIT,
    width: (w * WIDTH) / 24 - GAP,
    height: h * UNIT - GAP,
  }
}

/** Rows that are folded take one line; what is below them moves up, as in Grafana. */
function laidOut(panels) {
  const shown = []
  let y = 0
  let shift = 0
  for (const panel of panels) {
    if (panel.type === 'row') {
      shift = panel.gridPos.y - y
      shown.push({ ...panel, gridPos: { ...panel.gridPos, y } })
      y += 1
      const opened = panel.collapsed && panel.title === open ? panel.panels : []
      for (const inner of opened) {
        const gridPos = { ...inner.gridPos, y: inner.gridPos.y - shift }
        shown.push({ ...inner, gridPos })
        y = Math.max(y, gridPos.y + gridPos.h)
      }
    } else {
      const gridPos = { ...panel.gridPos, y: panel.gridPos.y - shift }
      shown.push({ ...panel, gridPos })
      y = Math.max(y, gridPos.y + gridPos.h)
    }
  }
  return { shown, height: y }
}

const { shown, height } = laidOut(dashboard.panels)
const frames = new Map()
for (const panel of shown) if (panel.type !== 'row') frames.set(panel, await framesOf(panel))

createRoot(document.querySelector('#root')).render(
  <ThemeContext.Provider value={theme}>
    <GlobalStyles />
    <h1>{dashboard.title}</h1>
    <div id="board" style={{ position: 'relative', width: WIDTH, height: height * UNIT }}>
      {shown.map((panel, index) => {
        const box = place(panel.gridPos)
        if (panel.type === 'row') {
          const isOpen = !panel.collapsed || panel.title === open
          return (
            <div key={index} className="row" style={box}>
              {isOpen ? '▾' : '▸'} {panel.title} {!isOpen && <small>({panel.panels.length} panels)</small>}
            </div>
          )
        }
        return (
          <div key={index} style={box}>
            <PanelChrome title={panel.title} width={box.width} height={box.height}>
              {(width, innerHeight) => (
                <Content panel={panel} frames={frames.get(panel)} width={width} height={innerHeight} />
              )}
            </PanelChrome>
          </div>
        )
      })}
    </div>
  </ThemeContext.Provider>,
)
document.body.style.background = theme.colors.background.canvas
document.body.dataset.ready = 'yes'
