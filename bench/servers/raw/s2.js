import { UserDirectory } from '../shared/user-directory.js'
import { json, refuse, serve } from './answer.js'

const directory = new UserDirectory()

serve((request, response) => {
  const [, orgs, org, users, id, ...rest] = request.url.split('/')
  if (request.method !== 'GET' || orgs !== 'orgs' || users !== 'users' || rest.length > 0) return refuse(response, 404)
  const number = Number(id)
  if (!Number.isInteger(number)) return refuse(response, 400)
  json(response, 200, directory.find(decodeURIComponent(org), number))
})
