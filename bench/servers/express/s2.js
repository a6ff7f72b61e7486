import express from 'express'

import { HOST, PORT } from '../shared/settings.js'
import { UserDirectory } from '../shared/user-directory.js'

const app = express()
const directory = new UserDirectory()

app.get('/orgs/:org/users/:id', (request, response) => {
  const id = Number(request.params.id)
  if (!Number.isInteger(id)) return response.status(400).json({ status: 400 })
  response.json(directory.find(request.params.org, id))
})
app.listen(PORT, HOST)
