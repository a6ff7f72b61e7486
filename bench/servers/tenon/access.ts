/** Who calls and whether they may, as an application's own interceptors: the framework has no module for it yet. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

import {
  createDecorator,
  ForbiddenException,
  Interceptor,
  UnauthorizedException,
  type Around,
  type Endpoint,
  type EndpointInterceptor,
  type Principal,
} from 'tenon'

import { JWT_SECRET } from '../shared/settings.js'

interface Claims extends Principal {
  readonly role: string
  readonly exp: number
}

const BEARER = 'Bearer '
const KEY = createSecretKey(JWT_SECRET, 'utf8')

export const Roles = createDecorator<readonly string[]>('bench.roles')

@Interceptor({ phase: 'authenticate' })
export class AuthInterceptor implements EndpointInterceptor {
  forEndpoint(endpoint: Endpoint): Around | undefined {
    if (endpoint.read(Roles) === undefined) return undefined
    return (context, next) => {
      const authorization = context.header('authorization')
      if (!authorization?.startsWith(BEARER)) throw new UnauthorizedException()
      context.principal = verify(authorization.slice(BEARER.length))
      return next()
    }
  }
}

@Interceptor({ phase: 'authorize' })
export class RolesInterceptor implements EndpointInterceptor {
  forEndpoint(endpoint: Endpoint): Around | undefined {
    const roles = endpoint.read(Roles)
    if (roles === undefined) return undefined
    return (context, next) => {
      const caller = context.principal as Claims | undefined
      if (!caller || !roles.includes(caller.role)) throw new ForbiddenException()
      return next()
    }
  }
}

/** HS256 alone, with a prepared key. */
function verify(token: string): Claims {
  const [head = '', payload = '', signature = '', ...rest] = token.split('.')
  const given = Buffer.from(signature, 'base64url')
  const expected = createHmac('sha256', KEY).update(`${head}.${payload}`).digest()
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new UnauthorizedException()
  }
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { readonly alg: string }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  if (alg !== 'HS256' || claims.exp * 1000 <= Date.now()) throw new UnauthorizedException()
  return claims
}
