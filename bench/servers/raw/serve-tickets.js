import { json, refuse, serve } from './answer.js'

/** @param tickets - `{ one(id), some(limit) }` */
export function serveTickets(tickets) {
  serve(async (request, response) => {
    const { url } = request
    if (url.startsWith('/tickets/')) {
      const id = Number(url.slice(9))
      if (!Number.isInteger(id)) return refuse(response, 400)
      const ticket = await tickets.one(id)
      return ticket ? json(response, 200, ticket) : refuse(response, 404)
    }
    if (!url.startsWith('/tickets?')) return refuse(response, 404)
    const limit = Number(new URLSearchParams(url.slice(9)).get('limit'))
    if (!Number.isInteger(limit)) return refuse(response, 400)
    json(response, 200, await tickets.some(limit))
  })
}
