import { Body, Controller, Module, Post, Query, Returns, type Class } from 'tenon'
import { OpenApi, OpenApiModule, type OpenApiDocument } from 'tenon/openapi'
import { testApp } from 'tenon/testing'
import { Expose, IsInt, IsString, Type } from 'tenon/validation'
import { Upgrade, Version, VersioningModule, type VersionUpgrade } from 'tenon/versioning'

class Line {
  @Expose() @IsString() readonly text!: string
}

class Note {
  @Expose() @Type(() => Line) readonly lines!: Line[]
}

class NewNote {
  @IsString() readonly first!: string
}

class Filter {
  @IsInt() readonly most: number = 10
}

/** Version 2: lines were texts of their own. */
class TextNote {
  @Expose() readonly texts!: string[]
}

/** Version 1: a note was one text, and came in a list. */
class OneText {
  @Expose() readonly text!: string
}

class OldNote {
  @IsString() readonly text!: string
}

class NoFilter {}

@Controller('/notes')
@Version('1', '2', '3')
class NotesController {
  @Post()
  @Returns(Note)
  write(@Body() { first }: NewNote, @Query() { most }: Filter): Note {
    return { lines: [{ text: first.slice(0, most) }] }
  }
}

@Upgrade('2', '3', NotesController)
class LinesOfVersion3 implements VersionUpgrade {
  readonly models = new Map<Class, Class>([[Note, TextNote]])

  response({ lines }: Note): TextNote {
    return { texts: lines.map(({ text }) => text) }
  }
}

@Upgrade('1', '2', NotesController)
class NotesOfVersion2 implements VersionUpgrade {
  readonly models = new Map<Class, Class | [Class]>([
    [TextNote, [OneText]],
    [NewNote, OldNote],
    [Filter, NoFilter],
  ])

  request({ body, query }: { readonly body: unknown; readonly query: unknown }) {
    return { body: { first: (body as OldNote).text }, query: query as Record<string, string> }
  }

  response({ texts }: TextNote): OneText[] {
    return texts.map((text) => ({ text }))
  }
}

@Module({
  imports: [VersioningModule.with({ from: 'header', defaultVersion: '3' }), OpenApiModule],
  controllers: [NotesController],
  providers: [LinesOfVersion3, NotesOfVersion2],
})
class NotesModule {}

function shown({ paths }: OpenApiDocument) {
  const { parameters, requestBody, responses } = paths['/notes']!.post!
  const answer = responses['201'] as { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
  return {
    parameters: parameters!.map(({ name, required, schema }) => [name, required === true, schema]),
    body: requestBody?.content['application/json']?.schema,
    answer: answer.content['application/json']!.schema,
  }
}

const model = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const version = (value: string) => ({ type: 'string', const: value })

describe('Documents of older versions', () => {
  it('show the models of their version, and those of others where none are', async () => {
    await using app = await testApp(NotesModule).boot()
    const [first, second, third] = await Promise.all(['1', '2', '3'].map((each) => app.get(OpenApi).document(each)))
    const most = ['most', false, { type: 'integer', default: 10 }]

    expect(shown(first!)).toEqual({
      parameters: [['x-api-version', true, version('1')]],
      body: model('OldNote'),
      answer: { type: 'array', items: model('OneText') },
    })
    expect(shown(second!)).toEqual({
      parameters: [most, ['x-api-version', true, version('2')]],
      body: model('NewNote'),
      answer: model('TextNote'),
    })
    expect(shown(third!)).toEqual({
      parameters: [most, ['x-api-version', false, version('3')]],
      body: model('NewNote'),
      answer: model('Note'),
    })
    expect(Object.keys(first!.components!.schemas!)).not.toContain('Note')
  })

  it('are what the application does', async () => {
    await using app = await testApp(NotesModule).boot()
    const write = async (number: string, json: object) =>
      (await app.request('/notes', { json, headers: { 'x-api-version': number } })).json()

    expect(await write('1', { text: 'Hello' })).toEqual([{ text: 'Hello' }])
    expect(await write('2', { first: 'Hello' })).toEqual({ texts: ['Hello'] })
    expect(await write('3', { first: 'Hello' })).toEqual({ lines: [{ text: 'Hello' }] })
  })
})
