import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ClientModule, printKotlin, printSwift } from 'tenon/client'
import { OpenApi, type OpenApiDocument } from 'tenon/openapi'
import { testApp } from 'tenon/testing'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { WideModule } from '../openapi/wide-application.ts'
import { ClientAppModule } from './client-app.ts'

async function documentOf(...modules: Parameters<typeof testApp>): Promise<OpenApiDocument> {
  await using app = await testApp(...modules).boot()
  return await app.get(OpenApi).document()
}

const LANGUAGES = [
  ['Kotlin', printKotlin, /^(?:data class|class|enum class|typealias) (\w+)/gm, /suspend fun `?(\w+)`?\(/g],
  ['Swift', printSwift, /^public (?:struct|enum|typealias) (\w+)/gm, /public func `?(\w+)`?\(/g],
] as const

describe.each(LANGUAGES)('The client in %s', (_name, print, declarations, functions) => {
  it.each([
    ['the starter kit', [AppModule, ClientModule]],
    ['an application that uses everything', [WideModule, ClientModule]],
    ['an application with everything a client does', [ClientAppModule]],
  ] as const)(
    'has every model and every operation of %s, each name once, and closes what it opens',
    async (_what, modules) => {
      const document = await documentOf(...(modules as unknown as Parameters<typeof testApp>))
      const text = await print(document)

      const declared = [...text.matchAll(declarations)].map(([, name]) => name)
      expect(new Set(declared).size).toBe(declared.length)
      for (const name of Object.keys(document.components!.schemas!)) expect(declared).toContain(name)
      const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
      const isLeft = (operation: object): boolean =>
        /multipart\/form-data|text\/event-stream/.test(JSON.stringify(operation))
      const plain = operations.filter((operation) => !isLeft(operation))
      // Those are the template's own.
      expect(
        [...text.matchAll(functions)].filter(([, name]) => !['send', 'encode', 'call'].includes(name!)),
      ).toHaveLength(plain.length)
      expect(balance(text)).toEqual([0, 0, 0])
      expect(text).not.toMatch(/undefined|\[object|<%/)
    },
  )

  it('says the same each time', async () => {
    const document = await documentOf(ClientAppModule)

    expect(await print(document)).toBe(await print(document))
  })
})

/** What is opened and not closed, outside of texts, letters and comments. */
function balance(text: string): readonly number[] {
  const code = text.replaceAll(/\/\*[^]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\]|\\\w*.)'/gm, '')
  const count = (letter: string): number => code.split(letter).length - 1
  return [count('{') - count('}'), count('(') - count(')'), count('[') - count(']')]
}

describe('The types of native clients', () => {
  it('are those of the language', async () => {
    const document = await documentOf(ClientAppModule)
    const [kotlin, swift] = [await printKotlin(document), await printSwift(document)]

    expect(kotlin).toContain('val createdAt: Instant,')
    expect(kotlin).toContain('Instant.parse(map["createdAt"] as String)')
    expect(kotlin).toContain('val labels: List<String>? = null')
    expect(kotlin).toContain('suspend fun get(input: OrdersGetInput): Order {')
    expect(swift).toContain('public var createdAt: Date\n')
    expect(swift).toContain('public var labels: [String]?\n')
    expect(swift).toContain('public func get(_ input: OrdersGetInput) async throws -> Order {')
  })
})

describe('tenon client', () => {
  it.each(['ts', 'kotlin', 'swift'])(
    '%s writes a file, and leaves it alone where nothing has changed',
    async (language) => {
      const folder = mkdtempSync(join(tmpdir(), 'tenon-client-'))
      try {
        await using app = await testApp(ClientAppModule).boot()
        const run = () => app.application.run(`client:${language}`, { options: { out: join(folder, 'web', 'api') } })

        expect(await run()).toMatchObject({ exitCode: 0, data: { isChanged: true } })
        expect(await readFile(join(folder, 'web', 'api'), 'utf8')).toContain(`tenon client ${language}`)
        expect(await run()).toMatchObject({ data: { isChanged: false } })
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  )

  it('prints the client without a file, and does not watch without one', async () => {
    await using app = await testApp(ClientAppModule).boot()

    expect((await app.application.run('client:ts')).text).toContain('export function createClient(')
    await expect(app.application.run('client:ts', { options: { watch: 'true' } })).rejects.toMatchObject({
      code: 'CLIENT_OUT_MISSING',
    })
  })
})
