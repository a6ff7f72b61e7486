/** The reference of the database scenario: node:http and the bare driver. */
import { openTickets } from '../shared/driver-tickets.js'
import { serveTickets } from './serve-tickets.js'

serveTickets(await openTickets())
