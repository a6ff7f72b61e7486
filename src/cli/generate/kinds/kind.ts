/** One kind of thing that can be generated. */
import type { Layout } from '../layout.ts'
import type { Plan } from '../plan.ts'
import type { Render } from '../templates.ts'

export interface Request {
  /** As it was typed: `OrderItem`, `orders/order-item`. */
  readonly name: string
  /** Everything that follows the name. */
  readonly fields: readonly string[]
  readonly layout: Layout
  readonly render: Render
}

export interface Kind {
  /** One sentence for the help, without full stop. */
  readonly description: string
  readonly example: string
  plan(request: Request): Plan | Promise<Plan>
}
