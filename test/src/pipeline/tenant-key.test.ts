import fc from 'fast-check'
import { tenantKey } from 'tenon'

const parts = fc.array(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', ':', '=', '%', 't', 't=', '%ud800', '\ud800')),
  {
    maxLength: 4,
  },
)
const tenant = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', ':', 'a:b')), { nil: undefined })

describe('tenantKey', () => {
  it('names the tenant first, and escapes what could be mistaken for a separator', () => {
    expect(tenantKey(['sessions', '4:2'], 'acme')).toBe('t=acme:sessions:4%3A2')
    expect(tenantKey(['sessions'], undefined)).toBe('t:sessions')
  })

  it('makes the same key only of the same tenant and the same parts', () => {
    fc.assert(
      fc.property(tenant, parts, tenant, parts, (tenantA, partsA, tenantB, partsB) => {
        const same = tenantA === tenantB && JSON.stringify(partsA) === JSON.stringify(partsB)
        expect(tenantKey(partsA, tenantA) === tenantKey(partsB, tenantB)).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })
})
