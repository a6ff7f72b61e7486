/** `tenon tenant …`: the life of tenants from the shell. */
import { open, rm } from 'node:fs/promises'

import { BadRequestException, CommandContext, CommandResult, Ctx, type CallContext } from 'tenon'
import { Command, Injectable, Param, Query } from 'tenon/decorators'

import type { TenantRecord } from '../directory/tenant-directory.ts'
import { Tenants, type TenantChange } from './tenants.ts'

@Injectable()
export class TenantCommands {
  readonly #tenants: Tenants

  constructor(tenants: Tenants) {
    this.#tenants = tenants
  }

  @Command('tenant:create <id>', {
    description: 'Makes a tenant, with its schema where each has one',
    options: { name: 'What people call it' },
    examples: ['tenon tenant create acme --name "Acme Ltd."'],
  })
  async create(@Param('id') id: string, @Query('name') name?: string): Promise<CommandResult> {
    const made = await this.#tenants.create({ id, ...(name !== undefined && { name }) })
    return new CommandResult({ data: made, text: `${made.id} is there.` })
  }

  @Command('tenant:list', { description: 'Lists the tenants and their states', examples: ['tenon tenant list'] })
  async list(): Promise<CommandResult> {
    const all = await this.#tenants.list()
    return new CommandResult({
      data: all,
      text: all.length === 0 ? 'There is no tenant yet.' : all.map(line).join('\n'),
    })
  }

  @Command('tenant:configure <id>', {
    description: 'Changes the name, settings and limits of a tenant, and shows them',
    options: {
      name: 'What people call it',
      settings: 'JSON, of which each member replaces the setting of its name; null takes one away',
      limits: 'The same for limits, which are numbers',
    },
    examples: [`tenon tenant configure acme --limits '{"seats": 50}'`],
  })
  async configure(
    @Param('id') id: string,
    @Query('name') name?: string,
    @Query('settings') settings?: string,
    @Query('limits') limits?: string,
  ): Promise<CommandResult> {
    const change: TenantChange = {
      ...(name !== undefined && { name }),
      ...(settings !== undefined && { settings: readObject('settings', settings) }),
      ...(limits !== undefined && { limits: readLimits(limits) }),
    }
    const tenant = await this.#tenants.configure(id, change)
    return new CommandResult({ data: tenant, text: JSON.stringify(tenant, undefined, 2) })
  }

  @Command('tenant:migrate', {
    description: "Runs pending migrations of every tenant's own tables",
    examples: ['tenon tenant migrate'],
  })
  async migrate(@Ctx() context: CallContext): Promise<CommandResult> {
    const result = await this.#tenants.migrateAll((tenant, outcome, share) => {
      if (context instanceof CommandContext) context.progress(`${tenant}: ${outcome}`, share)
    })
    const { migrated, unchanged, failed } = result
    const failures = failed.map(({ tenant, error }) => `\n${tenant} failed: ${error}`).join('')
    return new CommandResult({
      data: result,
      text: `${migrated.length} migrated, ${unchanged} unchanged, ${failed.length} failed.${failures}`,
      exitCode: failed.length > 0 ? 1 : 0,
    })
  }

  @Command('tenant:suspend <id>', {
    description: 'Refuses the calls of a tenant',
    examples: ['tenon tenant suspend acme'],
  })
  async suspend(@Param('id') id: string): Promise<CommandResult> {
    return new CommandResult({ data: await this.#tenants.suspend(id), text: `${id} is suspended.` })
  }

  @Command('tenant:resume <id>', {
    description: 'Lets a suspended tenant call again',
    examples: ['tenon tenant resume acme'],
  })
  async resume(@Param('id') id: string): Promise<CommandResult> {
    return new CommandResult({ data: await this.#tenants.resume(id), text: `${id} is active.` })
  }

  @Command('tenant:export <id> <file>', {
    description: 'Writes every row of a tenant into a file, one JSON object a line',
    examples: ['tenon tenant export acme acme.jsonl'],
  })
  async export(@Param('id') id: string, @Param('file') file: string): Promise<CommandResult> {
    const rows = await this.#write(id, file)
    return new CommandResult({ data: { tenant: id, file, rows }, text: `${rows} rows of ${id} are in ${file}.` })
  }

  /** @returns How many rows; a file that is not whole does not stay. */
  async #write(id: string, file: string): Promise<number> {
    await using target = await open(file, 'wx', 0o600)
    try {
      let rows = 0
      for await (const each of this.#tenants.export(id)) {
        await target.write(`${JSON.stringify(each)}\n`)
        rows += 1
      }
      return rows
    } catch (error) {
      await rm(file)
      throw error
    }
  }

  @Command('tenant:delete <id>', {
    description: 'Deletes a suspended tenant, and proves that nothing is left of it',
    examples: ['tenon tenant delete acme'],
  })
  async delete(@Param('id') id: string): Promise<CommandResult> {
    const deleted = await this.#tenants.delete(id)
    const tables = deleted.tables.map(({ table, deleted: rows, left }) => `${table}: ${rows} deleted, ${left} left`)
    const mentions = deleted.mentions.map(({ column, rows }) => `${column}: still names it in ${rows} rows`)
    return new CommandResult({ data: deleted, text: [`${id} is deleted.`, ...tables, ...mentions].join('\n') })
  }
}

function line({ id, name, state }: TenantRecord): string {
  return `${id}  ${state}${name === id ? '' : `  ${name}`}`
}

function readObject(option: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new BadRequestException(`--${option} is no JSON object.`)
}

function readLimits(text: string): NonNullable<TenantChange['limits']> {
  const limits = readObject('limits', text)
  const [wrong] = Object.entries(limits).find(([, limit]) => limit !== null && typeof limit !== 'number') ?? []
  if (wrong !== undefined) throw new BadRequestException(`--limits: ${wrong} is no number.`)
  return limits as NonNullable<TenantChange['limits']>
}
