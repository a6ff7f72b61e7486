/** `tenon db …`: the schema and the rows for development. They open the database as it is and start nothing else. */
import { CommandResult, type CommandContext } from 'tenon'
import { Command, Ctx, Injectable, Param, Query } from 'tenon/decorators'

import { ConsentMissing } from './data-errors.ts'
import { MigrationsPending } from './migrations/migration-errors.ts'
import { Database } from './database.ts'
import { Migrations, type GeneratedMigration, type MigrationState } from './migrations/migrations.ts'
import { Seeders } from './seeding/seeders.ts'

const SEED = 1
const FOLDER = 'src/database/migrations'
const SOURCE = "the data source, as @DataSource has it; the application's own when it is left out"
const FORCE = 'do it although data may be lost'

@Injectable()
export class DatabaseCommands {
  readonly #database: Database
  readonly #migrations: Migrations
  readonly #seeders: Seeders

  constructor(database: Database, migrations: Migrations, seeders: Seeders) {
    this.#database = database
    this.#migrations = migrations
    this.#seeders = seeders
  }

  @Command('db:status', {
    description: 'Which migrations have run, and which are pending',
    starts: false,
    options: { source: SOURCE },
    examples: ['tenon db status', 'tenon db status --source reports'],
  })
  async status(@Query('source') source?: string): Promise<CommandResult> {
    const migrations = await this.#opened(source, () => this.#migrations.of(source).status())
    return answer({ migrations }, migrations.map(printState), 'The application has no migrations.')
  }

  @Command('db:migrate', {
    description: 'Runs what is pending',
    starts: false,
    options: { contract: 'also what waits until the version before is gone', source: SOURCE },
    examples: ['tenon db migrate', 'tenon db migrate --json', 'tenon db migrate --contract'],
  })
  async migrate(@Query('contract') contract?: boolean, @Query('source') source?: string): Promise<CommandResult> {
    const migrated = await this.#opened(source, () => this.#migrations.of(source).run(contract ? { contract } : {}))
    return answer(
      { migrated },
      migrated.map((name) => `Migrated: ${name}`),
      'Nothing is pending.',
    )
  }

  @Command('db:plan', {
    description: 'What pending migrations would send, with what is dangerous about it; changes nothing',
    starts: false,
    options: { source: SOURCE },
    examples: ['tenon db plan'],
  })
  async plan(@Query('source') source?: string): Promise<CommandResult> {
    const planned = await this.#opened(source, () => this.#migrations.of(source).plan())
    const lines = planned.flatMap(({ name, statements, findings, unknown }) => [
      name,
      ...(unknown === undefined ? [] : [`  not known yet, for ${unknown}`]),
      ...statements.map((statement) => `  ${statement};`),
      ...findings.map(({ danger, recipe }) => `  ! ${danger}\n    ${recipe}`),
    ])
    return answer({ planned }, lines, 'Nothing is pending.')
  }

  @Command('db:rollback', {
    description: 'Takes back the last migrations',
    starts: false,
    options: { steps: 'how many; 1 when it is left out', force: FORCE, source: SOURCE },
    examples: ['tenon db rollback --force', 'tenon db rollback --steps 2 --force'],
  })
  async rollback(
    @Query('steps') steps?: number,
    @Query('force') force?: boolean,
    @Query('source') source?: string,
  ): Promise<CommandResult> {
    this.#needConsent('db rollback', 'drops what migrations have made', force, source)
    const undone = await this.#opened(source, () => this.#migrations.of(source).rollback({ steps: steps ?? 1 }))
    return answer(
      { undone },
      undone.map((name) => `Taken back: ${name}`),
      'No migration has run.',
    )
  }

  @Command('db:generate <name>', {
    description: 'Writes a migration that makes the database fit the entities',
    starts: false,
    options: {
      folder: `where it is written; DATABASE_MIGRATIONS or ${FOLDER} when it is left out`,
      destructive: 'allow changes that lose data',
      together: 'in one migration, also what would break the running version',
      source: SOURCE,
    },
    examples: ['tenon db generate add-priority'],
  })
  async generate(
    @Param('name') name: string,
    @Query('folder') folder?: string,
    @Query('destructive') destructive?: boolean,
    @Query('together') together?: boolean,
    @Query('source') source?: string,
  ): Promise<CommandResult> {
    const { migrationsFolder } = this.#database.named(source)
    const generated = await this.#opened(source, () =>
      this.#migrations.of(source).generate({
        name,
        folder: folder ?? migrationsFolder ?? (source === undefined ? FOLDER : `${FOLDER}/${source}`),
        destructive: destructive ?? false,
        split: !together && !destructive,
      }),
    )
    const lines = generated ? printGenerated(generated) : []
    return answer({ generated: generated ?? null }, lines, 'The database fits the entities.')
  }

  @Command('db:drift', {
    description: 'How the database differs from the entities; ends with 1 when it does',
    starts: false,
    options: { source: SOURCE },
    examples: ['tenon db drift'],
  })
  async drift(@Query('source') source?: string): Promise<CommandResult> {
    const drift = await this.#opened(source, () => this.#migrations.of(source).drift())
    const { statements, losses } = drift
    const lines = [...statements.map((each) => `  ${each};`), ...losses.map((loss) => `  loses: ${loss}`)]
    return new CommandResult({
      data: drift,
      text: statements.length === 0 ? 'The database fits the entities.' : `To fit it would need:\n${lines.join('\n')}`,
      exitCode: statements.length === 0 ? 0 : 1,
    })
  }

  @Command('db:seed', {
    description: 'Runs the seeders, those that others build on first; the same rows for the same seed',
    starts: false,
    options: { seed: `a number; ${SEED} when it is left out`, force: 'in production, too' },
    examples: ['tenon db seed', 'tenon db seed --seed 7'],
  })
  async seed(
    @Ctx() context: CommandContext,
    @Query('seed') seed?: number,
    @Query('force') force?: boolean,
  ): Promise<CommandResult> {
    if (this.#database.isInProduction) this.#needConsent('db seed', 'writes made-up rows', force)
    return this.#openedAll(() => this.#seed(seed ?? SEED, context))
  }

  @Command('db:reset', {
    description: 'Drops every table, migrates, and seeds',
    starts: false,
    options: { seed: `a number; ${SEED} when it is left out`, force: FORCE },
    examples: ['tenon db reset --force'],
  })
  async reset(
    @Ctx() context: CommandContext,
    @Query('seed') seed?: number,
    @Query('force') force?: boolean,
  ): Promise<CommandResult> {
    this.#needConsent('db reset', 'drops every table', force)
    return this.#openedAll(async () => {
      const migrated: string[] = []
      for (const { name, source } of this.#database.all) {
        await source.dropDatabase()
        migrated.push(...(await this.#migrations.of(name).run()))
      }
      context.progress(`${migrated.length} migrations have run.`)
      return this.#seed(seed ?? SEED, context)
    })
  }

  async #seed(seed: number, context: CommandContext): Promise<CommandResult> {
    for (const { name } of this.#database.all) {
      const pending = (await this.#migrations.of(name).status()).filter(({ state }) => state === 'pending')
      if (pending.length > 0) throw new MigrationsPending(pending.map((each) => each.name))
    }
    const seeded = await this.#seeders.run(seed, (name, share) => context.progress(`Seeding: ${name}`, share))
    return answer(
      { seed, seeded },
      seeded.map((name) => `Seeded: ${name}`),
      'The application has no @Seeder().',
    )
  }

  /** A started application has it open already, and keeps it. */
  async #opened<T>(source: string | undefined, work: () => Promise<T>): Promise<T> {
    const database = this.#database.named(source)
    if (database.isOpen) return work()
    await database.connect()
    try {
      return await work()
    } finally {
      await database.close()
    }
  }

  #openedAll<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.all.reduceRight<() => Promise<T>>(
      (inner, { name }) =>
        () =>
          this.#opened(name, inner),
      work,
    )()
  }

  #needConsent(command: string, consequence: string, force = false, source?: string): void {
    if (!force) throw new ConsentMissing(`tenon ${command}`, consequence, this.#database.named(source).target)
  }
}

function answer(data: object, lines: readonly string[], otherwise: string): CommandResult {
  return new CommandResult({ data, text: lines.length === 0 ? otherwise : lines.join('\n') })
}

function printGenerated({ file, statements, contract }: GeneratedMigration): readonly string[] {
  const written = [`Written: ${file}`, ...statements.map((each) => `  ${each};`)]
  if (!contract) return written
  return [
    ...(contract.file === file ? [] : written),
    `Written: ${contract.file}`,
    ...contract.statements.map((each) => `  ${each};`),
    'The last one waits until the running version is gone, for:',
    ...contract.waits.map((what) => `  ${what}`),
    'Run it then by tenon db migrate --contract; tenon db generate --together writes one migration instead.',
  ]
}

function printState({ name, state }: MigrationState): string {
  return `${state.padEnd(8)} ${name}`
}
