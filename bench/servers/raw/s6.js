/** Per-call state by hand: an argument. */
import { projectsOf } from '../shared/project-repository.js'
import { json, refuse, serve } from './answer.js'

serve(async (request, response) => {
  if (request.method !== 'GET' || request.url !== '/projects') return refuse(response, 404)
  const tenant = request.headers['x-tenant']
  if (!tenant) return refuse(response, 400)
  json(response, 200, { tenant, projects: await projectsOf(tenant) })
})
