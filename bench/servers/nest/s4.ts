import { randomUUID } from 'node:crypto'

import {
  Body,
  Controller,
  ForbiddenException,
  Injectable,
  Module,
  Post,
  SetMetadata,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common'
import { APP_GUARD, Reflector } from '@nestjs/core'
import { JwtModule, JwtService } from '@nestjs/jwt'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'

import { receiveOrder } from '../shared/receive-order.js'
import { JWT_SECRET, LOG_FILE, ORIGIN, RATE_LIMIT, RATE_WINDOW_MS } from '../shared/settings.js'
import { Order } from './order.ts'
import { isFastify, serveNest, validating } from './serve-nest.ts'

interface Claims {
  readonly role: string
}

const Roles = (...roles: string[]) => SetMetadata('roles', roles)

@Injectable()
class AuthGuard implements CanActivate {
  constructor(private readonly jwt: JwtService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest()
    const [scheme, token] = (request.headers.authorization ?? '').split(' ')
    if (scheme !== 'Bearer') throw new UnauthorizedException()
    try {
      request.user = await this.jwt.verifyAsync<Claims>(token)
    } catch {
      throw new UnauthorizedException()
    }
    return true
  }
}

@Injectable()
class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride<string[]>('roles', [context.getHandler(), context.getClass()])
    const { user } = context.switchToHttp().getRequest<{ user: Claims }>()
    if (roles && !roles.includes(user.role)) throw new ForbiddenException()
    return true
  }
}

@Controller('orders')
class OrdersController {
  @Post()
  @Roles('clerk')
  create(@Body() order: Order) {
    return receiveOrder(order)
  }
}

@Module({
  imports: [
    JwtModule.register({ secret: JWT_SECRET, verifyOptions: { algorithms: ['HS256'] } }),
    ThrottlerModule.forRoot([{ ttl: RATE_WINDOW_MS, limit: RATE_LIMIT }]),
  ],
  controllers: [OrdersController],
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
})
class AppModule {}

async function prepare(app: INestApplication): Promise<void> {
  validating(app)
  if (isFastify) await prepareFastify(app)
  else await prepareExpress(app)
  app.enableCors({ origin: [ORIGIN] })
}

async function prepareExpress(app: INestApplication): Promise<void> {
  const { default: helmet } = await import('helmet')
  const { accessLog } = await import('../shared/express-middleware.js')
  app.use((_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
    response.setHeader('X-Request-Id', randomUUID())
    next()
  })
  app.use(accessLog())
  app.use(helmet())
}

async function prepareFastify(app: INestApplication): Promise<void> {
  const { default: helmet } = await import('@fastify/helmet')
  const fastify = app.getHttpAdapter().getInstance()
  fastify.addHook(
    'onRequest',
    async (request: { id: string }, reply: { header(name: string, value: string): void }) => {
      reply.header('x-request-id', request.id)
    },
  )
  await fastify.register(helmet)
}

await serveNest(AppModule, prepare, { logger: { level: 'info', file: LOG_FILE }, genReqId: () => randomUUID() })
