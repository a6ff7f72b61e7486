/** What a desk is there for: members, tickets, comments, keys for programs. */
import { ADA, BEN, CAT, DAN } from './people.ts'
import { enrol } from './second-factors.ts'
import { refusalOf, type Stage } from './surroundings.ts'

/** Invites people, who join by mail: with a new account, or with the one that they have. */
export async function inviteMembers(stage: Stage) {
  const { invitations, members } = await stage.member(ADA)
  const { accounts } = stage.client()
  const invite = async (email: string, role: 'agent' | 'customer') => {
    const { id } = await invitations.invite({ body: { email, name: email.split('@')[0]!, role } })
    return { id, code: await stage.codeFor(email) }
  }
  for (const { email, password } of [BEN, CAT, DAN]) {
    const { code } = await invite(email, 'customer')
    await accounts.invited.accept({ body: { code, password } })
  }
  const eve = await invite('eve@elsewhere.example', 'customer')
  const { email, roles: offered, hasAccount } = await accounts.invited.read({ body: { code: eve.code } })
  const pending = await invitations.list()
  await invitations.revoke({ id: eve.id })
  const revoked = await refusalOf(accounts.invited.read({ body: { code: eve.code } }))

  const { code } = await invite(DAN.email, 'agent')
  const dan = await stage.member(DAN)
  await dan.accounts.invited.join({ body: { code } })
  const joined = await (await stage.member(DAN)).members.me()

  const { id: ben } = await (await stage.member(BEN)).members.me()
  const { roles } = await members.changeRole({ id: ben, body: { role: 'agent' } })
  await members.disable({ id: joined.id })
  const list = await members.list()
  const cat = await stage.member(CAT)
  const forbidden = await refusalOf(cat.members.list())
  return {
    invited: [email, offered, hasAccount],
    pending: pending.map(({ name }: { readonly name: string }) => name),
    revoked,
    joined: joined.roles.toSorted(),
    roles,
    states: list.map(({ state }: { readonly state: string }) => state).toSorted(),
    forbidden,
  }
}

/** Opens tickets, reads them page by page, and overwrites nobody's change. */
export async function workOnTickets(stage: Stage) {
  const [cat, ben] = [await stage.member(CAT), await stage.member(BEN)]
  const opened = await Promise.all(
    [1, 2, 3, 4, 5].map((number) =>
      cat.tickets.open({ body: { subject: `Printer ${number}`, description: 'It smokes.' } }),
    ),
  )
  const [first, second] = opened.map(({ id }: { readonly id: number }) => id) as [number, number]

  const subjects: string[] = []
  for await (const { subject } of ben.tickets.list.all({ search: 'Printer', sort: 'createdAt', size: 2 })) {
    subjects.push(subject)
  }
  const pages: number[] = []
  for await (const { items } of ben.tickets.list.pages({ size: 2 })) pages.push(items.length)

  const seen = await ben.tickets.get({ id: first })
  const changed = await ben.tickets.change({
    id: first,
    ifMatch: `"${seen.version}"`,
    body: { priority: 'urgent', internalNotes: 'Bring water.' },
  })
  const late = await refusalOf(
    ben.tickets.change({ id: first, ifMatch: `"${seen.version}"`, body: { priority: 'low' } }),
  )
  const moved = await ben.tickets.move({ id: first, body: { state: 'pending' } })
  const closed = await ben.tickets.close({ id: second })
  const again = await refusalOf(ben.tickets.change({ id: second, body: { priority: 'low' } }))
  const history = await ben.tickets.history({ id: first })
  const unknown = await refusalOf(cat.tickets.get({ id: 999_999 }))
  return {
    subjects: subjects.toSorted(),
    pages,
    changed: [changed.priority, changed.internalNotes, changed.version - seen.version],
    isHidden: (await cat.tickets.get({ id: first })).internalNotes === undefined,
    days: seen.createdAt instanceof Date && history.every(({ at }: { readonly at: Date }) => at instanceof Date),
    late,
    states: [moved.state, closed.state],
    again,
    history: history.map(({ action }: { readonly action: string }) => action),
    unknown,
    comments: await talk(stage, first),
  }
}

async function talk(stage: Stage, id: number): Promise<readonly string[]> {
  const { comments } = await stage.member(CAT)
  for (const body of ['It still smokes.', 'More now.', 'Thank you!']) await comments.add({ id, body: { body } })
  const bodies: string[] = []
  for await (const { body } of comments.list.all({ id, size: 2 })) bodies.push(body)
  return bodies
}

/** A key for a program, renewed and taken away: by somebody who is asked for a second factor where it matters. */
export async function useKeys(stage: Stage) {
  const { accessToken: token } = await stage.logIn(BEN)
  const body = { name: 'Nightly', scopes: ['tickets:read' as const] }
  const unready = await refusalOf(stage.client({ token }).apiKeys.make({ body }))
  const phone = await enrol(stage, BEN, token)
  // The token is that of the password alone, still.
  let stepUps = 0
  const onStepUp = async (): Promise<string> => {
    stepUps += 1
    const proof = { code: await phone.nextCode() }
    return (await stage.client({ token }).mfa.stepUp.prove({ body: proof })).accessToken ?? ''
  }
  const { apiKeys } = stage.client({ token, onStepUp })
  const made = await apiKeys.make({ body })
  const status = async (secret: string): Promise<number> => {
    const read = await stage
      .client({ headers: { 'x-api-key': secret } })
      .tickets.list()
      .result()
    return read.ok ? read.status : read.problem.status
  }
  const first = await status(made.secret)
  const rotated = await apiKeys.rotate({ id: made.key.id })
  const second = await status(rotated.secret)
  await apiKeys.revoke({ id: rotated.key.id })
  return {
    unready,
    stepUps,
    statuses: [first, second, await status(rotated.secret)],
    names: [...new Set((await apiKeys.list()).map(({ name }: { readonly name: string }) => name))],
  }
}
