/** Tells of every statement that writes, before it is sent, whoever made it. */
import type { DataSource, QueryRunner } from 'typeorm'

import { writes } from './statement-kind.ts'

/** @param beforeWrite - May refuse it by throwing. */
export function watchWrites(source: DataSource, beforeWrite: () => void): void {
  const create = source.createQueryRunner.bind(source)
  Object.assign(source, {
    createQueryRunner(...mode: Parameters<DataSource['createQueryRunner']>): QueryRunner {
      const runner = create(...mode)
      const query = runner.query.bind(runner)
      return Object.assign(runner, {
        query: async (...args: Parameters<QueryRunner['query']>): Promise<unknown> => {
          if (writes(args[0])) beforeWrite()
          return query(...args)
        },
      })
    },
  })
}
