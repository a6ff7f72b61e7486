/** `/metrics`: for Prometheus on this machine, for who sends the token, and for everybody where the settings say so. */
import { timingSafeEqual } from 'node:crypto'

import { HttpContext } from 'tenon'
import { Controller, Ctx, Doc, Get, NoTenant, Public, SetHeader } from 'tenon/decorators'

import { isLocal } from '../local-callers.ts'
import { ObservabilityConfig } from '../observability-config.ts'
import { NotForEverybody } from '../observability-errors.ts'
import { Metrics } from './metrics.ts'
import { OPEN_METRICS, PROMETHEUS_TEXT, writeOpenMetrics, writePrometheusText } from './open-metrics.ts'

@Controller('/metrics')
@Doc({ hidden: true })
@NoTenant('The process is measured, not a tenant.')
@Public('Open to this machine and to bearers of METRICS_TOKEN; its controller decides.')
@SetHeader('cache-control', 'no-store')
@Doc({ hidden: true })
export class MetricsController {
  readonly #metrics: Metrics
  readonly #config: ObservabilityConfig

  constructor(metrics: Metrics, config: ObservabilityConfig) {
    this.#metrics = metrics
    this.#config = config
  }

  /** @throws `OBSERVABILITY_FORBIDDEN` */
  @Get('/')
  async read(@Ctx() context: HttpContext): Promise<Buffer> {
    if (!this.#isOpenTo(context)) throw new NotForEverybody('/metrics')
    const isOpen = context.header('accept')?.includes('application/openmetrics-text') ?? false
    const families = await this.#metrics.families()
    context.response.setHeader('content-type', isOpen ? OPEN_METRICS : PROMETHEUS_TEXT)
    // Bytes: the media type of a text would gain another charset.
    return Buffer.from(isOpen ? writeOpenMetrics(families) : writePrometheusText(families))
  }

  #isOpenTo(context: HttpContext): boolean {
    const { metricsOpen, metricsToken } = this.#config
    if (metricsOpen || isLocal(context)) return true
    return metricsToken !== undefined && bears(context.header('authorization'), metricsToken)
  }
}

function bears(header: string | undefined, token: string): boolean {
  const sent = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return sent.length === wanted.length && timingSafeEqual(sent, wanted)
}
