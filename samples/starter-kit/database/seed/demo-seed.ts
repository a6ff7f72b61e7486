/** Fills an empty database, once: whoever starts the desk for the first time finds it in use. */
import { Clock, Environment, Logger, OnInit, Service } from 'tenon'
import { UnitOfWork } from 'tenon/data'

import { Passwords } from '../../accounts/passwords.ts'
import { User } from '../../accounts/user.ts'
import { Comment } from '../../comments/comment.ts'
import { Organisation } from '../../organisations/organisation.ts'
import { OrganisationRepository } from '../../organisations/organisation-repository.ts'
import { Ticket } from '../../tickets/ticket.ts'
import { DEMO_PASSWORD, demoOrganisations, demoUsers } from './demo-people.ts'
import { demoDesk, TICKETS_EACH } from './demo-tickets.ts'
import { Dice } from './dice.ts'
import { SeedConfig } from './seed-config.ts'
import { SeedInProduction } from './seed-errors.ts'

const SEED = 20_260_105
/** Founded long before their first ticket. */
const FOUNDED_MS = 200 * 86_400_000

@Service()
export class DemoSeed {
  readonly #config: SeedConfig
  readonly #environment: Environment
  readonly #organisations: OrganisationRepository
  readonly #passwords: Passwords
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(
    config: SeedConfig,
    environment: Environment,
    organisations: OrganisationRepository,
    passwords: Passwords,
    unitOfWork: UnitOfWork,
    clock: Clock,
    logger: Logger,
  ) {
    this.#config = config
    this.#environment = environment
    this.#organisations = organisations
    this.#passwords = passwords
    this.#unitOfWork = unitOfWork
    this.#clock = clock
    this.#logger = logger
  }

  /** @throws `DESK_SEED_IN_PRODUCTION` */
  @OnInit()
  async fill(): Promise<void> {
    if (!this.#config.isWanted) return
    if (this.#environment.isProduction) throw new SeedInProduction()
    if ((await this.#organisations.count()) > 0) return
    const passwordHash = await this.#passwords.hash(DEMO_PASSWORD)
    await this.#unitOfWork.transaction(() => this.#insert(passwordHash))
  }

  async #insert(passwordHash: string): Promise<void> {
    const dice = new Dice(SEED)
    const now = this.#clock.now()
    const organisations = demoOrganisations(dice, new Date(now.getTime() - FOUNDED_MS))
    const users = demoUsers(organisations, dice, passwordHash)
    const desks = organisations.map(({ id }, index) => {
      const members = users.filter((user) => user.organisationId === id)
      return demoDesk(members, dice, { now, firstId: 1 + index * TICKETS_EACH })
    })
    const tickets = desks.flatMap((desk) => desk.tickets)

    const { manager } = this.#unitOfWork
    await manager.insert(Organisation, [...organisations])
    await manager.insert(User, [...users])
    await manager.insert(Ticket, tickets)
    await manager.insert(
      Comment,
      desks.flatMap((desk) => desk.comments),
    )
    this.#logger.info(
      `Demo data: ${organisations.length} organisations, ${users.length} users, ${tickets.length} tickets`,
    )
  }
}
