/** Starts a Nest application on the platform the harness names. */
import 'reflect-metadata'

import { ValidationPipe, type INestApplication, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'

import { HOST, PORT } from '../shared/settings.js'

export const isFastify = process.env['BENCH_NEST'] === 'fastify'

export async function serveNest(
  module: Type,
  prepare: (app: INestApplication) => unknown = () => {},
  options: ConstructorParameters<typeof FastifyAdapter>[0] = {},
): Promise<void> {
  const adapter = isFastify ? new FastifyAdapter(options) : new ExpressAdapter()
  const app = await NestFactory.create(module, adapter, { logger: false })
  await prepare(app)
  await app.listen(PORT, HOST)
}

export function validating(app: INestApplication): void {
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }))
}
