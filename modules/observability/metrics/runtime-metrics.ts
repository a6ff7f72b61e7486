/** How the process and its event loop do. */
import { monitorEventLoopDelay, performance, type EventLoopUtilization } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

import { Gauge, Injectable, OnReady, OnShutdown, type GaugeReading } from 'tenon/decorators'

const NANOSECONDS = 1e9
const MICROSECONDS = 1e6
const RESOLUTION_MS = 20

@Injectable()
export class RuntimeMetrics {
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined
  #utilization: EventLoopUtilization = performance.eventLoopUtilization()

  @OnReady()
  start(): void {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    this.#delay.enable()
  }

  @OnShutdown()
  stop(): void {
    this.#delay?.disable()
  }

  /** Since somebody looked last. */
  @Gauge('nodejs.eventloop.delay', {
    unit: 's',
    description: 'How late the event loop was, since the metrics were read before.',
  })
  delay(): GaugeReading {
    const delay = this.#delay
    if (!delay) return undefined
    const resolution = RESOLUTION_MS * 1_000_000
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds - resolution) / NANOSECONDS
    const readings = [
      { value: late(delay.percentile(50)), attributes: { quantile: '0.5' } },
      { value: late(delay.percentile(99)), attributes: { quantile: '0.99' } },
      { value: late(delay.max), attributes: { quantile: '1' } },
    ]
    delay.reset()
    return readings
  }

  @Gauge('nodejs.eventloop.utilization', {
    unit: '1',
    description: 'Share of the time that the event loop was busy, since the metrics were read before.',
  })
  utilization(): number {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    return utilization
  }

  @Gauge('process.cpu.time', { unit: 's', description: 'Processor time of the process.', growsOnly: true })
  processorTime(): GaugeReading {
    const { user, system } = process.cpuUsage()
    return [
      { value: user / MICROSECONDS, attributes: { 'cpu.mode': 'user' } },
      { value: system / MICROSECONDS, attributes: { 'cpu.mode': 'system' } },
    ]
  }

  @Gauge('process.memory.usage', { unit: 'By', description: 'Memory that the process occupies.' })
  memory(): number {
    return process.memoryUsage.rss()
  }

  @Gauge('v8js.memory.heap.used', { unit: 'By', description: 'Heap that is in use.' })
  heapUsed(): number {
    return getHeapStatistics().used_heap_size
  }

  @Gauge('v8js.memory.heap.limit', { unit: 'By', description: 'Largest heap that V8 allows.' })
  heapLimit(): number {
    return getHeapStatistics().heap_size_limit
  }

  @Gauge('process.uptime', { unit: 's', description: 'How long the process has been running.' })
  uptime(): number {
    return process.uptime()
  }
}
