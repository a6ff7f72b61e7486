/** `tenon openapi` and `tenon docs export`: the document and its page as files, without port and database. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import { Command, CommandResult } from 'tenon'
import { Injectable, Optional, Public, Query } from 'tenon/decorators'
import { IsIn, IsOptional, IsString } from 'tenon/validation'

import { ApiChangelog, printChapters, type ChangelogChapter } from './changelog.ts'
import type { OpenApiDocument } from './document/openapi-document.ts'
import { OpenApiConfig } from './openapi-config.ts'
import { OpenApi } from './openapi.ts'
import { docsPage, preferredScheme, versionSource } from './ui/docs-page.ts'
import { plainReferenceScript } from './ui/reference-script.ts'
import { START_SCRIPT } from './ui/start-script.ts'

class DocumentOptions {
  @IsOptional()
  @IsString()
  readonly out?: string

  @IsIn(['json', 'yaml'])
  readonly format: 'json' | 'yaml' = 'json'

  @IsOptional()
  @IsString()
  readonly api?: string
}

class ExportOptions {
  @IsString()
  readonly out: string = 'docs-export'

  @IsOptional()
  @IsString()
  readonly against?: string
}

const CHANGES = 'Changes'

@Injectable()
@Public('What can be called is no secret.')
export class OpenApiCommands {
  readonly #openApi: OpenApi
  readonly #config: OpenApiConfig
  readonly #changelog: ApiChangelog | undefined

  constructor(openApi: OpenApi, config: OpenApiConfig, @Optional() changelog?: ApiChangelog) {
    this.#openApi = openApi
    this.#config = config
    this.#changelog = changelog
  }

  /** @throws `OPENAPI_VERSION_UNKNOWN` */
  @Command('openapi', {
    description: 'Writes the OpenAPI document.',
    starts: false,
    options: {
      out: 'The file to write; without it the document is printed',
      format: 'json or yaml',
      api: 'The version of the API; without it the newest',
    },
    examples: ['tenon openapi --out openapi.json', 'tenon openapi --format yaml'],
  })
  async document(@Query() { out, format, api }: DocumentOptions): Promise<CommandResult> {
    const document = await this.#openApi.document(api)
    const text = format === 'yaml' ? await yamlOf(document) : `${JSON.stringify(document, undefined, 2)}\n`
    if (out === undefined) return new CommandResult({ data: document, text: text.trimEnd() })
    const file = await write(out, text)
    const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length
    return new CommandResult({ data: { file, operations }, text: `${operations} operations written to ${file}` })
  }

  @Command('docs:export', {
    description: 'Writes the documentation page as files that any web server, or none, can show.',
    starts: false,
    options: {
      out: 'The folder to write into',
      against: 'Folder of earlier contracts for the changelog; without it those of this repository',
    },
    examples: ['tenon docs export --out public/docs', 'tenon docs export --against ../released/contract'],
  })
  async exportPage(@Query() { out, against }: ExportOptions): Promise<CommandResult> {
    const { title } = this.#config
    const chapters = (await this.#changelog?.chapters(against)) ?? []
    const names = this.#openApi.versions.length > 0 ? this.#openApi.versions : [undefined]
    const documents = await Promise.all(
      names.map(async (name) => ({ name, content: await this.#openApi.document(name) })),
    )
    // A page that is opened as a file may not read another one, so the documents stand in it.
    const sources = documents.map(({ name, content }) => ({
      ...(name === undefined ? { title } : versionSource(name)),
      content: withChanges(
        content,
        chapters.filter(({ version }) => version === name),
      ),
    }))
    const files = await Promise.all([
      write(
        join(out, 'index.html'),
        docsPage({
          title,
          sources,
          scripts: '.',
          scheme: preferredScheme(documents.at(-1)!.content),
        }),
      ),
      write(join(out, 'start.js'), START_SCRIPT),
      write(join(out, 'reference.js'), plainReferenceScript()),
      ...(chapters.length > 0 ? [write(join(out, 'changelog.md'), `${printChapters(CHANGES, chapters)}\n`)] : []),
      ...documents.map(({ name, content }) =>
        write(
          join(out, name === undefined ? 'openapi.json' : `openapi-${name.replaceAll(/[^\w.-]/g, '_')}.json`),
          `${JSON.stringify(content, undefined, 2)}\n`,
        ),
      ),
    ])
    return new CommandResult({ data: { files }, text: `Open ${files[0]}` })
  }
}

/** Headings of the description stand in the page's list of contents. */
function withChanges(document: OpenApiDocument, chapters: readonly ChangelogChapter[]): OpenApiDocument {
  if (chapters.length === 0) return document
  const { description } = document.info
  const told = [...(description === undefined ? [] : [description]), printChapters(CHANGES, chapters)]
  return { ...document, info: { ...document.info, description: told.join('\n\n') } }
}

async function yamlOf(document: object): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })
}

async function write(path: string, content: string | Buffer): Promise<string> {
  const file = resolve(path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}
