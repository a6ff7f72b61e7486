import { nearestName } from '../../../src/config/nearest-name.ts'

describe('nearestName', () => {
  it.each([
    ['DATABASE_URL', ['PATH', 'DATABSE_URL'], 'DATABSE_URL'],
    ['DATABASE_URL', ['DATABASEURL'], 'DATABASEURL'],
    ['DATABASE_URL', ['database_url'], 'database_url'],
    ['JWT_SECRET', ['JWT_SERCET', 'JWT_SECRETS_OLD'], 'JWT_SERCET'],
    ['PORT', ['PROT'], 'PROT'],
    ['PORT', ['HOST', 'HOME'], undefined],
    ['PORT', ['PATH'], undefined],
    ['DATABASE_URL', ['REDIS_URL', 'DATABASE_PASSWORD'], undefined],
    ['DATABASE_URL', [], undefined],
  ])('%s among %j is %s', (name, candidates, nearest) => {
    expect(nearestName(name, candidates)).toBe(nearest)
  })
})
