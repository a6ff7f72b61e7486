/** Every statement passes here on its way to the driver, whoever made it: builders, `sql`, managers, runners of one's own. */
import type { DataSource, QueryRunner } from 'typeorm'

import type { ConnectionSettings } from './connection-settings.ts'
import type { OwnedRows } from './owned-rows.ts'

export function guardRunners(source: DataSource, rows: OwnedRows, settings?: ConnectionSettings): void {
  const createQueryRunner = source.createQueryRunner.bind(source)
  Object.assign(source, {
    createQueryRunner: (...args: Parameters<DataSource['createQueryRunner']>) =>
      guarded(createQueryRunner(...args), rows, settings),
  })
}

function guarded(runner: QueryRunner, rows: OwnedRows, settings: ConnectionSettings | undefined): QueryRunner {
  const query = runner.query.bind(runner)
  const stream = runner.stream.bind(runner)
  return Object.assign(runner, {
    query: async (...args: Parameters<QueryRunner['query']>) => {
      rows.requireOwned(args[0], args[1] as unknown[] | undefined)
      if (!settings) return query(...args)
      const connection = await runner.connect()
      await settings.keep(connection)
      try {
        return await query(...args)
      } finally {
        if (rows.mayChangeSettings(args[0])) settings.doubt(connection)
      }
    },
    stream: async (...args: Parameters<QueryRunner['stream']>) => {
      rows.requireOwned(args[0], args[1] as unknown[] | undefined)
      if (settings) await settings.keep(await runner.connect())
      return stream(...args)
    },
  })
}
