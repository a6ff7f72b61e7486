/** Per-call state: a key of the call's context, read by the innermost layer with `ctx()`. */
import {
  BadRequestException,
  ContextKey,
  Controller,
  createApp,
  ctx,
  Get,
  Injectable,
  Interceptor,
  Module,
  Service,
  type CallContext,
  type CallInterceptor,
  type Next,
} from 'tenon'

import { projectsOf } from '../shared/project-repository.js'

const TENANT = new ContextKey<string>('bench.tenant')

@Interceptor({ phase: 'context' })
class TenantInterceptor implements CallInterceptor {
  intercept(context: CallContext, next: Next): unknown {
    const tenant = context.header('x-tenant')
    if (!tenant) throw new BadRequestException()
    context.set(TENANT, tenant)
    return next()
  }
}

@Injectable()
class ProjectRepository {
  all() {
    return projectsOf(ctx().require(TENANT))
  }
}

@Service()
class ProjectsService {
  readonly #projects: ProjectRepository

  constructor(projects: ProjectRepository) {
    this.#projects = projects
  }

  async list(): Promise<object> {
    const projects = await this.#projects.all()
    return { tenant: ctx().require(TENANT), projects }
  }
}

@Controller('/projects')
class ProjectsController {
  readonly #projects: ProjectsService

  constructor(projects: ProjectsService) {
    this.#projects = projects
  }

  @Get()
  list(): Promise<object> {
    return this.#projects.list()
  }
}

@Module({
  controllers: [ProjectsController],
  providers: [ProjectsService, ProjectRepository],
  interceptors: [TenantInterceptor],
})
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
