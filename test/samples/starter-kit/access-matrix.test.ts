import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { AccessMatrix } from 'tenon/access'

import { ROOT } from '../../docs/pages.ts'
import { ROUTES } from './attacks/routes.ts'

const MATRIX = join('samples', 'starter-kit', 'access-matrix.json')
const RENEW = `It is written anew by: tenon access matrix --json > ${MATRIX}`

const saved = JSON.parse(await readFile(join(ROOT, MATRIX), 'utf8')) as AccessMatrix

/** What the tool says when the matrix was another one before. */
async function differenceTo(before: AccessMatrix): Promise<{ readonly code: number | null; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-matrix-'))
  const file = join(folder, 'before.json')
  try {
    await writeFile(file, JSON.stringify(before))
    const { code, output } = tenon(['access', 'diff', file])
    return { code, output }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** As somebody calls it in a shell. */
function tenon(argv: readonly string[]): { readonly code: number | null; readonly output: string } {
  const { PATH, HOME } = process.env
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'bin', 'tenon.js'), ...argv], {
    cwd: ROOT,
    env: { PATH, HOME },
    encoding: 'utf8',
  })
  return { code: status, output: stdout }
}

describe('The access matrix of the starter kit', () => {
  it('says what is so: nobody may do more, and nobody less, than when somebody last looked', () => {
    const { code, output } = tenon(['access', 'diff', MATRIX])

    expect(`${output.trim()} ${RENEW}`).toBe(`Nothing has changed. ${RENEW}`)
    expect(code).toBe(0)
  })

  it('fails when anything is wider than it was', async () => {
    const closed = { nobody: 'no', anyone: 'no', customer: 'no', agent: 'no', admin: 'no' }
    const before = { ...saved, endpoints: { ...saved.endpoints, 'GET /api/users': closed } }

    const { code, output } = await differenceTo(before)

    expect(output).toContain('widened: GET /api/users for admin')
    expect(code).toBe(1)
  })

  it('lets customers and agents manage nobody, and strangers do nothing but what is attacked as open', () => {
    const cells = Object.entries(saved.endpoints).filter(([name]) => !name.startsWith('tenon '))
    const open = cells.filter(([, { nobody }]) => nobody !== 'no').map(([name]) => name)
    const attackedAsOpen = Object.keys(ROUTES).filter((name) => 'open' in ROUTES[name]!)
    const ofMembers = cells.filter(([name]) => / \/api\/(?:users|invitations)/.test(name))

    expect(open.filter((name) => !name.includes(' /_dev')).toSorted()).toEqual(attackedAsOpen.toSorted())
    expect(ofMembers.length).toBeGreaterThanOrEqual(6)
    for (const [, { customer, agent }] of ofMembers) expect([customer, agent]).toEqual(['no', 'no'])
  })
})

describe('The check of the starter kit', () => {
  it('finds nothing', () => {
    const { code, output } = tenon(['check', '--strict', '--json'])

    expect(JSON.parse(output)).toMatchObject({ findings: [], notProved: [] })
    expect(code).toBe(0)
  })
})
