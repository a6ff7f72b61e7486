/** `/health/live` and `/health/ready`: what orchestrators ask. The public answer says no more than the status. */
import { Controller, Ctx, Doc, Get, NoTenant, Public, SetHeader } from '../../decorators/index.ts'
import type { HttpContext } from '../http/http-context.ts'
import { Health, type HealthReport } from './health.ts'

@Controller('/health')
@Doc({ hidden: true })
@Public('Orchestrators probe without credentials.')
@NoTenant('The process is as well for every tenant.')
@SetHeader('cache-control', 'no-store')
export class HealthController {
  readonly #health: Health

  constructor(health: Health) {
    this.#health = health
  }

  @Get('/live')
  async live(@Ctx() context: HttpContext): Promise<object> {
    return answer(await this.#health.live(), context)
  }

  @Get('/ready')
  async ready(@Ctx() context: HttpContext): Promise<object> {
    return answer(await this.#health.ready(), context)
  }
}

function answer({ status }: HealthReport, { response }: HttpContext): object {
  if (status === 'down') response.statusCode = 503
  return { status }
}
