/** Per-call state as Nest has it: request-scoped providers. */
import { BadRequestException, Controller, Get, Inject, Injectable, Module, Scope } from '@nestjs/common'
import { REQUEST } from '@nestjs/core'

import { projectsOf } from '../shared/project-repository.js'
import { serveNest } from './serve-nest.ts'

@Injectable({ scope: Scope.REQUEST })
class CurrentTenant {
  readonly name: string

  constructor(@Inject(REQUEST) request: { readonly headers: Readonly<Record<string, string | undefined>> }) {
    const name = request.headers['x-tenant']
    if (!name) throw new BadRequestException()
    this.name = name
  }
}

@Injectable()
class ProjectRepository {
  constructor(private readonly tenant: CurrentTenant) {}

  all() {
    return projectsOf(this.tenant.name)
  }
}

@Injectable()
class ProjectsService {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly tenant: CurrentTenant,
  ) {}

  async list() {
    return { tenant: this.tenant.name, projects: await this.projects.all() }
  }
}

@Controller('projects')
class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  list() {
    return this.projects.list()
  }
}

@Module({ controllers: [ProjectsController], providers: [CurrentTenant, ProjectRepository, ProjectsService] })
class AppModule {}

await serveNest(AppModule)
