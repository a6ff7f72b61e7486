import { loadPackage } from '../../../modules/mfa/load-package.ts'

describe('loadPackage', () => {
  it('loads what is installed', async () => {
    expect(await loadPackage({ name: 'qrcode', version: '1.5.4', feature: 'QR codes' })).toHaveProperty('default')
  })

  it('names the feature and the command to run when the package is not installed', async () => {
    await expect(loadPackage({ name: 'no-such-package', version: '1.2.3', feature: 'Passkeys' })).rejects.toMatchObject(
      {
        code: 'MFA_PACKAGE_MISSING',
        message: expect.stringMatching(/^Passkeys need .*npm install no-such-package@1\.2\.3$/),
      },
    )
  })
})
