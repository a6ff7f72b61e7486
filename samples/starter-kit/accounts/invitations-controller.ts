import { Body, Controller, CurrentTenant, Delete, Get, HttpCode, Param, Post, Returns, Throws } from 'tenon'
import { Authorize } from 'tenon/access'
import { InvitationMissing, Invitations } from 'tenon/auth'
import { RateLimit } from 'tenon/security'
import { TenantScoped } from 'tenon/tenancy'

import { Invitation } from './account-requests.ts'
import { InvitationView, viewInvitation } from './invitation-view.ts'

/** Who is asked to join; `/api/auth/invitation` is where they do. */
@Controller({ path: '/api/invitations', tags: ['Invitations'] })
@TenantScoped()
@Authorize('members:manage')
export class InvitationsController {
  readonly #invitations: Invitations

  constructor(invitations: Invitations) {
    this.#invitations = invitations
  }

  @Get()
  @Returns(InvitationView, { array: true })
  async list(@CurrentTenant() tenant: string): Promise<InvitationView[]> {
    return (await this.#invitations.list(tenant)).map(viewInvitation)
  }

  /** Sends a mail; the answer is the same whether the address has an account or not. */
  @Post()
  @RateLimit({ limit: 200, window: '1h', by: 'tenant' })
  @Returns(InvitationView)
  async invite(@Body() { email, name, role }: Invitation, @CurrentTenant() tenant: string): Promise<InvitationView> {
    return viewInvitation(await this.#invitations.invite({ email, tenant, roles: [role], profile: { name } }))
  }

  @Delete('/:id')
  @HttpCode(204)
  @Throws(InvitationMissing)
  async revoke(@Param('id') id: string, @CurrentTenant() tenant: string): Promise<void> {
    await this.#invitations.revoke(id, tenant)
  }
}
