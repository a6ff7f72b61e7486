import { ApplicationSite } from 'tenon'

describe('ApplicationSite', () => {
  it('is the line of the source that asked', () => {
    expect(new ApplicationSite().place).toMatch(/^test\/src\/errors\/application-site\.test\.ts:5:\d+$/)
  })

  it('leaves out the functions it is told to leave out', () => {
    function asking(): ApplicationSite {
      return new ApplicationSite(asking)
    }

    expect(asking().place).toMatch(/application-site\.test\.ts:13:\d+$/)
  })

  it('finds the one who waits, though it asked long ago', async () => {
    async function deep(): Promise<ApplicationSite> {
      await Promise.resolve()
      return new ApplicationSite(deep)
    }
    async function waiting(): Promise<ApplicationSite> {
      const site = await deep()
      return site
    }

    expect((await waiting()).place).toMatch(/application-site\.test\.ts:22:\d+$/)
  })

  it('is nowhere where nothing of an application waits', async () => {
    const made = Promise.withResolvers<ApplicationSite>()
    // Called by Node itself, with nobody below.
    setImmediate(function alone() {
      made.resolve(new ApplicationSite(alone))
    })

    expect((await made.promise).place).toBeUndefined()
  })
})
