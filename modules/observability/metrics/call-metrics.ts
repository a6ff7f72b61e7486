/** Rate, errors and duration of every endpoint, and how many calls are going on. */
import {
  HttpContext,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type Outcome,
} from 'tenon'
import { Injectable, Interceptor } from 'tenon/decorators'

import { ObservabilityConfig } from '../observability-config.ts'
import { RECORDING } from '../tracing/call-recording.ts'
import { methodOf } from '../tracing/http-attributes.ts'
import { OVERFLOW, type Family, type FamilySource, type Point } from './families.ts'
import { Histogram, type Attributes, type Buckets } from './histogram.ts'

@Injectable()
export class CallMetrics implements FamilySource {
  readonly #http = new Histogram({
    name: 'http.server.request.duration',
    description: 'Duration of HTTP server requests.',
    unit: 's',
  })
  readonly #others = new Histogram({
    name: 'tenon.call.duration',
    description: 'Duration of calls that came by other transports than HTTP.',
    unit: 's',
  })
  readonly #active = new Map<string, ActiveCalls>()
  readonly #limit: number
  #overflow: Buckets | undefined

  constructor({ seriesLimit }: ObservabilityConfig) {
    this.#limit = seriesLimit
  }

  /** Counts the calls of a transport that are going on. */
  activeOn(transport: string): ActiveCalls {
    let active = this.#active.get(transport)
    if (!active) this.#active.set(transport, (active = { count: 0 }))
    return active
  }

  /** A series of calls; beyond the limit the one that all the others share. */
  seriesOf(endpoint: Endpoint, attributes: Attributes): Buckets {
    const histogram = endpoint.transport === 'http' ? this.#http : this.#others
    const isFull = this.#http.size + this.#others.size >= this.#limit
    return isFull ? (this.#overflow ??= this.#http.series(OVERFLOW)) : histogram.series(attributes)
  }

  families(): readonly Family[] {
    const points = [...this.#active].map(([transport, { count }]): Point => ({
      attributes: { 'tenon.transport': transport },
      value: count,
    }))
    const active: Family = {
      name: 'tenon.active_calls',
      type: 'gauge',
      description: 'Calls that are going on.',
      unit: '{call}',
      points,
    }
    return [...this.#http.families(), ...this.#others.families(), ...(points.length === 0 ? [] : [active])]
  }
}

interface ActiveCalls {
  count: number
}

/** Takes part in every call from outside, whatever it came by. */
@Interceptor({ phase: 'observe', order: -900 })
export class MetricsInterceptor implements EndpointInterceptor {
  readonly #metrics: CallMetrics

  constructor(metrics: CallMetrics) {
    this.#metrics = metrics
  }

  forEndpoint(endpoint: Endpoint): Contribution {
    const active = this.#metrics.activeOn(endpoint.transport)
    const series = new EndpointSeries(endpoint, this.#metrics)
    const settled = ({ status, durationMs }: Outcome, call: CallContext): void => {
      active.count -= 1
      const seconds = durationMs / 1000
      const buckets = series.find(status, call)
      const bucket = buckets.record(seconds)
      const recording = call.get(RECORDING)
      if (recording?.isSampled !== true) return
      buckets.exemplars[bucket] = { value: seconds, identity: recording.identity, atMs: recording.beganAt + durationMs }
    }
    const begun = (): void => {
      active.count += 1
    }
    return { begun, settled }
  }
}

/** The series of one endpoint by status, made when a status comes first: routes are patterns, so they are few. */
class EndpointSeries {
  readonly #endpoint: Endpoint
  readonly #metrics: CallMetrics
  readonly #byStatus: (Buckets | undefined)[] = []
  /** Of what no route answers: the method is the caller's. */
  readonly #byMethod = new Map<string, Buckets>()

  constructor(endpoint: Endpoint, metrics: CallMetrics) {
    this.#endpoint = endpoint
    this.#metrics = metrics
  }

  find(status: number, call: CallContext): Buckets {
    if (this.#endpoint.route || this.#endpoint.transport !== 'http') {
      return (this.#byStatus[status] ??= this.#make(status, this.#endpoint.route?.method))
    }
    const method = call instanceof HttpContext ? methodOf(call.request.method) : '_OTHER'
    const key = `${method} ${status}`
    let buckets = this.#byMethod.get(key)
    if (!buckets) this.#byMethod.set(key, (buckets = this.#make(status, method)))
    return buckets
  }

  #make(status: number, method: string | undefined): Buckets {
    const { route, name, transport, version } = this.#endpoint
    const ofVersion = version !== undefined && { 'tenon.api.version': version }
    return this.#metrics.seriesOf(
      this.#endpoint,
      transport === 'http'
        ? {
            'http.request.method': method ?? '_OTHER',
            ...(route && { 'http.route': route.path }),
            'http.response.status_code': status,
            ...ofVersion,
          }
        : { 'tenon.transport': transport, 'code.function.name': name, 'tenon.status': status, ...ofVersion },
    )
  }
}
