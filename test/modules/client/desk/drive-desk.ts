/**
 * Calls every operation of the starter kit through its client: in Node and in a browser, the same. A new operation is driven
 * by a chapter here, an own file where it is a new subject; the test that runs this says which ones are missing.
 */
import { changeSecrets, foundOrganisation, renewTokens, useSessions } from './accounts.ts'
import { linkIdentity } from './elsewhere.ts'
import { CAT } from './people.ts'
import { useSecondFactors } from './second-factors.ts'
import { Stage, type Surroundings } from './surroundings.ts'
import { inviteMembers, useKeys, workOnTickets } from './work.ts'

export async function driveDesk(surroundings: Surroundings) {
  const stage = new Stage(surroundings)
  const seen = {
    founded: await foundOrganisation(stage),
    renewed: await renewTokens(stage),
    factors: await useSecondFactors(stage),
    members: await inviteMembers(stage),
    sessions: await useSessions(stage, CAT),
    tickets: await workOnTickets(stage),
    keys: await useKeys(stage),
    elsewhere: await linkIdentity(stage, CAT),
    // The last: it takes the password and the address that the others use.
    secrets: await changeSecrets(stage, CAT),
  }
  return { seen, calls: stage.calls }
}
