/** The demo: four organisations in the midst of their work. `tenon db seed` writes it, and the first start in development. */
import { Clock, Environment, Logger, Seeder } from 'tenon'
import { PasswordHasher } from 'tenon/auth'
import { UnitOfWork, type Seed, type SeedContext } from 'tenon/data'
import { runAsTenant, Tenants } from 'tenon/tenancy'

import { User } from '../../accounts/user.ts'
import { Comment } from '../../comments/comment.ts'
import { OrganisationsService } from '../../organisations/organisations-service.ts'
import { Ticket } from '../../tickets/ticket.ts'
import { DEMO_PASSWORD, demoUsers } from './demo-people.ts'
import { ORGANISATIONS } from './demo-texts.ts'
import { demoTickets, type DemoTicket } from './demo-tickets.ts'
import { SeedInProduction } from './seed-errors.ts'

@Seeder()
export class DemoDesk implements Seed {
  readonly #environment: Environment
  readonly #tenants: Tenants
  readonly #organisations: OrganisationsService
  readonly #hasher: PasswordHasher
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(
    environment: Environment,
    tenants: Tenants,
    organisations: OrganisationsService,
    hasher: PasswordHasher,
    unitOfWork: UnitOfWork,
    clock: Clock,
    logger: Logger,
  ) {
    this.#environment = environment
    this.#tenants = tenants
    this.#organisations = organisations
    this.#hasher = hasher
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    this.#logger = logger
  }

  /**
   * Leaves a desk alone that has organisations already.
   * @throws `DESK_SEED_IN_PRODUCTION`
   */
  async run({ random }: SeedContext): Promise<void> {
    if (this.#environment.isProduction) throw new SeedInProduction()
    if ((await this.#tenants.list()).length > 0) return
    const now = this.#clock.now()
    const organisations: string[] = []
    for (const { name } of ORGANISATIONS) organisations.push((await this.#organisations.found(name)).id)
    const passwordHash = await this.#hasher.hash(DEMO_PASSWORD)
    const users = demoUsers(organisations, random, { passwordHash, createdAt: now.getTime() })
    await this.#unitOfWork.manager.insert(User, [...users])
    for (const id of organisations) {
      const members = users.filter(({ tenant }) => tenant === id)
      const tickets = demoTickets(id, members, random, now)
      await runAsTenant(id, () => this.#write(tickets))
    }
    this.#logger.info(`Demo data: ${organisations.length} organisations, ${users.length} users`)
  }

  async #write(tickets: readonly DemoTicket[]): Promise<void> {
    const { manager } = this.#unitOfWork
    const { identifiers } = await manager.insert(
      Ticket,
      tickets.map(({ ticket }) => ticket),
    )
    const comments = tickets.flatMap((each, index) => {
      const ticketId = identifiers[index]?.['id'] as number
      return each.comments.map((comment) => ({ ...comment, ticketId }))
    })
    await manager.insert(Comment, comments)
  }
}
