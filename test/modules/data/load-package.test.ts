import { loadPackage } from '../../../modules/data/load-package.ts'

describe('loadPackage', () => {
  it('loads what is installed', async () => {
    expect(await loadPackage({ name: 'pg', version: '8.23.1', database: 'PostgreSQL' })).toHaveProperty('Pool')
  })

  it('names the database and the command to run when the package is not installed', async () => {
    const loading = loadPackage({ name: 'no-such-driver', version: '1.2.3', database: 'NoSuchDB' })

    await expect(loading).rejects.toMatchObject({
      code: 'DATA_PACKAGE_MISSING',
      message: expect.stringMatching(/NoSuchDB .*npm install no-such-driver@1\.2\.3$/),
    })
  })
})
