import { basename } from 'node:path'

import { callSite, type CallSite } from 'tenon/decorators'

import { sourceOf } from '../../src/errors/source-location.ts'

function recorded(): CallSite {
  return callSite(1)
}

function recordedTwiceRemoved(): CallSite {
  return nested()
}

function nested(): CallSite {
  return callSite(2)
}

function lineOf(site: CallSite): string {
  const { file, line } = sourceOf(site)
  return `${basename(file)}:${line}`
}

describe('callSite', () => {
  it('is the line it is called at', () => {
    expect(lineOf(callSite())).toBe('call-site.test.ts:26')
  })

  it('passes over as many callers as it is told', () => {
    expect(lineOf(recorded())).toBe('call-site.test.ts:30')
    expect(lineOf(recordedTwiceRemoved())).toBe('call-site.test.ts:31')
  })
})
