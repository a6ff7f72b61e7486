/** The panels of our dashboards, by Grafana's typed builders: the one file that loads them. */
import { GrafanaPackageMissing } from '../observability-errors.ts'
import { DURATION } from './queries.ts'

/** An expression, and how its lines are called; by the labels in which they differ, where nothing is said. */
export type PanelQuery = readonly [expression: string, legend?: string]

/** Lines of this name are limits, drawn as such. */
export const BUDGET = 'budget'

const SDK = { name: '@grafana/grafana-foundation-sdk', version: '0.0.21' }
/** Grafana's word for "by the labels in which they differ". */
const AUTOMATIC = '__auto'

/** @throws `OBSERVABILITY_GRAFANA_PACKAGE_MISSING` */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- Its types are those of an optional package.
export async function loadGrafana() {
  const [dashboard, timeseries, stats, prometheus, common] = await load()
  const source = { type: 'prometheus', uid: '${datasource}' }
  const targets = (queries: readonly PanelQuery[]) =>
    queries.map(([expression, legend = AUTOMATIC], index) =>
      new prometheus.DataqueryBuilder()
        .expr(expression)
        .refId(String.fromCodePoint('A'.codePointAt(0)! + index))
        .legendFormat(legend)
        .exemplar(expression.includes(`${DURATION}_bucket`)),
    )
  /** Without it Grafana draws everything above 80 in red. */
  const redFrom = (limit: number | undefined) =>
    new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps([{ value: null, color: 'green' }, ...(limit === undefined ? [] : [{ value: limit, color: 'red' }])])
  const panel = (title: string, unit: string, queries: readonly PanelQuery[]) =>
    new timeseries.PanelBuilder()
      .title(title)
      .unit(unit)
      .datasource(source)
      .span(12)
      .height(7)
      .min(0)
      .fillOpacity(8)
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.List)
          .placement(common.LegendPlacement.Bottom),
      )
      .tooltip(
        new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
      )
      .overrideByName(BUDGET, [
        { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
        { id: 'custom.fillOpacity', value: 0 },
      ])
      .targets(targets(queries))
  const stat = (title: string, unit: string, queries: readonly PanelQuery[], limit?: number) =>
    new stats.PanelBuilder()
      .title(title)
      .unit(unit)
      .datasource(source)
      .span(6)
      .height(4)
      .thresholds(redFrom(limit))
      .targets(targets(queries))
  return { dashboard, panel, stat }
}

async function load() {
  try {
    return await Promise.all([
      import('@grafana/grafana-foundation-sdk/dashboard'),
      import('@grafana/grafana-foundation-sdk/timeseries'),
      import('@grafana/grafana-foundation-sdk/stat'),
      import('@grafana/grafana-foundation-sdk/prometheus'),
      import('@grafana/grafana-foundation-sdk/common'),
    ])
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string }
    if (!code.endsWith('MODULE_NOT_FOUND') || !message.includes(SDK.name)) throw error
    throw new GrafanaPackageMissing(SDK.name, SDK.version).causedBy(error)
  }
}
