/** `tenon observe grafana` and `tenon observe alerts`. */
import { writeFile } from 'node:fs/promises'

import { CommandResult } from 'tenon'
import { Command, Injectable, Query } from 'tenon/decorators'
import { IsOptional, IsString } from 'tenon/validation'

import { alertGroups, printAlertRules } from './alert-rules.ts'
import { dashboardOf } from './dashboard.ts'
import { Observed } from './observed.ts'

export class ObserveOptions {
  @IsOptional()
  @IsString()
  job?: string

  @IsOptional()
  @IsString()
  out?: string
}

const OPTIONS = {
  job: 'What Prometheus calls the application; its service name where not given',
  out: 'The file to write; printed where not given',
}

@Injectable()
export class ObserveCommands {
  readonly #observed: Observed

  constructor(observed: Observed) {
    this.#observed = observed
  }

  /** @throws `OBSERVABILITY_GRAFANA_PACKAGE_MISSING` */
  @Command('observe:grafana', {
    description: 'Generates a dashboard for Grafana from the endpoints and metrics of the application',
    starts: false,
    options: OPTIONS,
    examples: ['tenon observe grafana --out dashboard.json'],
  })
  async grafana(@Query() { job, out }: ObserveOptions): Promise<CommandResult> {
    const { service, endpoints, metrics, hasVersions } = this.#observed
    const dashboard = await dashboardOf({ service, job: job ?? service, endpoints, metrics, hasVersions })
    return written(dashboard, `${JSON.stringify(dashboard, undefined, 2)}\n`, out)
  }

  @Command('observe:alerts', {
    description: 'Generates alert rules for Prometheus from the endpoints and budgets of the application',
    starts: false,
    options: OPTIONS,
    examples: ['tenon observe alerts --out alerts.yml', 'promtool check rules alerts.yml'],
  })
  async alerts(@Query() { job, out }: ObserveOptions): Promise<CommandResult> {
    const { service, endpoints, metrics } = this.#observed
    const groups = alertGroups({ job: job ?? service, endpoints, metrics })
    return written({ groups }, printAlertRules(groups), out)
  }
}

async function written(data: object, text: string, out: string | undefined): Promise<CommandResult> {
  if (out === undefined) return new CommandResult({ data, text: text.trimEnd() })
  await writeFile(out, text)
  return new CommandResult({ data, text: `Wrote ${out}.` })
}
