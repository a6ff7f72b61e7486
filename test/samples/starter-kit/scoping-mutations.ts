/** Places of the starter kit that keep organisations and people apart, each with what takes that away: of the compiled files. */
import type { Mutation } from '../../modules/tenancy/mutations.ts'

const kit = 'samples/starter-kit'

export const SCOPING_MUTATIONS: readonly Mutation[] = [
  { file: `${kit}/tickets/ticket.js`, find: "TenantScoped({ property: 'organisationId' }),", replace: '' },
  { file: `${kit}/comments/comment.js`, find: "TenantScoped({ property: 'organisationId' }),", replace: '' },
  { file: `${kit}/tickets/tickets-controller.js`, find: '    TenantScoped(),', replace: '' },
  { file: `${kit}/comments/comments-controller.js`, find: '    TenantScoped(),', replace: '' },
  {
    file: `${kit}/accounts/user-policy.js`,
    find: ', user.tenant.equals(caller.tenant));',
    replace: ');',
  },
  {
    file: `${kit}/accounts/members-service.js`,
    find: "where: this.#access.visible(User, 'read'), order",
    replace: 'order',
  },
  {
    file: `${kit}/accounts/user-repository.js`,
    find: 'tenant: organisationId, id',
    replace: 'id',
  },
  {
    file: `${kit}/organisations/organisations-controller.js`,
    find: '.get(tenant)',
    replace: ".get('kestrel-works')",
  },
  {
    file: `${kit}/tickets/tickets-service.js`,
    find: "...this.#access.visible(Ticket, 'read')",
    replace: '',
  },
  {
    file: `${kit}/tickets/ticket-policy.js`,
    find: 'when(ticket.requesterId.equals(user.id))',
    replace: "when(role('customer'))",
  },
  {
    file: `${kit}/accounts/invitations-controller.js`,
    find: 'this.#invitations.invite({ email, tenant,',
    replace: "this.#invitations.invite({ email, tenant: 'kestrel-works',",
  },
  {
    file: `${kit}/accounts/invitations-controller.js`,
    find: 'this.#invitations.list(tenant)',
    replace: "this.#invitations.list('kestrel-works')",
  },
  {
    file: `${kit}/accounts/invitations-controller.js`,
    find: 'this.#invitations.revoke(id, tenant)',
    replace: "this.#invitations.revoke(id, 'kestrel-works')",
  },
  { file: `${kit}/organisations/organisations-module.js`, find: "from: ['caller']", replace: "from: ['header']" },
]
