import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { readEnvironment } from '../../../src/config/read-environment.ts'

describe('readEnvironment', () => {
  let cwd: string

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenon-env-'))
  })

  afterEach(() => {
    rmSync(cwd, { recursive: true })
  })

  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  }

  it('lets the process win over the files, and the nearer file over the more general one', () => {
    write({
      '.env': 'A=1\nB=1\nC=1\nD=1\nE=1',
      '.env.staging': 'A=2\nB=2\nC=2\nD=2',
      '.env.local': 'A=3\nB=3\nC=3',
      '.env.staging.local': 'A=4\nB=4',
      '.env.production': 'F=1',
    })

    const environment = readEnvironment({ cwd, env: { TENON_ENV: 'staging', A: '5' } })

    expect({ ...environment.variables }).toEqual({ TENON_ENV: 'staging', A: '5', B: '4', C: '3', D: '2', E: '1' })
    expect(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => environment.originOf(name))).toEqual([
      'process',
      '.env.staging.local',
      '.env.local',
      '.env.staging',
      '.env',
      undefined,
    ])
  })

  it('leaves .env.local out in test, where every machine should see the same', () => {
    write({ '.env.local': 'A=local', '.env.test.local': 'B=test-local', '.env': 'A=shared' })

    const environment = readEnvironment({ cwd, env: { NODE_ENV: 'test' } })

    expect(environment.isTest).toBe(true)
    expect(environment.variables['A']).toBe('shared')
    expect(environment.originOf('B')).toBe('.env.test.local')
  })

  it.each([
    [{}, 'development'],
    [{ NODE_ENV: '' }, 'development'],
    [{ NODE_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'production', TENON_ENV: 'staging' }, 'staging'],
    [{ NODE_ENV: 'test', TENON_ENV: '' }, 'test'],
  ])('takes its name from %j: %s', (env, name) => {
    const environment = readEnvironment({ cwd, env })

    expect(environment.name).toBe(name)
    expect(environment.isDevelopment).toBe(name === 'development')
    expect(environment.isProduction).toBe(name === 'production')
  })

  it('reads quotes, comments, lines in quotes and a byte order mark as Node does', () => {
    write({ '.env': '\uFEFFA="with # sign" # comment\nexport B=exported\nC="two\nlines"\n__proto__=polluted\n' })

    const { variables } = readEnvironment({ cwd, env: {} })

    expect(variables['A']).toBe('with # sign')
    expect(variables['B']).toBe('exported')
    expect(variables['C']).toBe('two\nlines')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getPrototypeOf(variables)).toBeNull()
  })

  it('keeps an empty variable of the process, so that it can switch off what a file sets', () => {
    write({ '.env': 'A=file' })

    const environment = readEnvironment({ cwd, env: { A: '' } })

    expect(environment.variables['A']).toBe('')
    expect(environment.originOf('A')).toBe('process')
  })

  it('cannot be changed, and does not follow later changes of the process', () => {
    const env: Record<string, string> = { A: '1' }
    const environment = readEnvironment({ cwd, env })

    env['A'] = '2'

    expect(environment.variables['A']).toBe('1')
    expect(() => ((environment.variables as Record<string, string>)['A'] = '3')).toThrow(TypeError)
    expect(() => ((environment as { name: string }).name = 'production')).toThrow(TypeError)
  })

  it.each(['../production', 'a b', '.', '-'])('refuses %j as a name', (name) => {
    expect(() => readEnvironment({ cwd, env: { TENON_ENV: name } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_ENVIRONMENT_NAME_INVALID' }),
    )
  })

  it.each(['prod', 'Production', 'PROD'])('does not take %s for an environment beside production', (name) => {
    expect(() => readEnvironment({ cwd, env: { NODE_ENV: name } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_ENVIRONMENT_NAME_MISLEADING' }),
    )
    expect(readEnvironment({ cwd, env: { NODE_ENV: 'production' } }).isProduction).toBe(true)
    expect(readEnvironment({ cwd, env: { NODE_ENV: 'staging' } }).isProduction).toBe(false)
  })

  it('says which file cannot be read', () => {
    mkdirSync(join(cwd, '.env.local'))

    expect(() => readEnvironment({ cwd, env: {} })).toThrow(
      expect.objectContaining({ code: 'CONFIG_FILE_UNREADABLE', message: expect.stringContaining('.env.local') }),
    )
  })

  it('reads the process it runs in by default', () => {
    expect(readEnvironment().originOf('PATH')).toBe('process')
  })
})
