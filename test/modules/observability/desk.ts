/** A small application to be watched: rows, a service that is traced, an outgoing call, and things that fail. */
import { Body, Controller, Get, Module, NotFoundException, Param, Post, Public, Service, Transactional } from 'tenon'
import { BaseRepository, Column, DataModule, Entity, PrimaryGeneratedColumn, Repository } from 'tenon/data'
import { ObservabilityModule, Traced } from 'tenon/observability'
import { IsString } from 'tenon/validation'

@Entity()
export class Note {
  @PrimaryGeneratedColumn() id!: number
  @Column() text!: string
}

@Repository(Note)
export class Notes extends BaseRepository<Note> {}

export class NewNote {
  @IsString() text!: string
}

@Service()
export class NoteBook {
  constructor(private readonly notes: Notes) {}

  @Traced('notebook.read', { shelf: 3 })
  async read(): Promise<readonly Note[]> {
    await Promise.resolve()
    return this.notes.find({ where: { text: 'secret-value' } })
  }

  @Transactional()
  async write(text: string): Promise<Note> {
    return this.notes.insert({ text })
  }
}

@Controller('/notes')
@Public('Everybody reads notes.')
export class NotesController {
  constructor(private readonly book: NoteBook) {}

  @Get('/')
  async list(): Promise<readonly Note[]> {
    return this.book.read()
  }

  @Post('/')
  async add(@Body() { text }: NewNote): Promise<Note> {
    return this.book.write(text)
  }

  @Get('/quick')
  quick(): string {
    return 'quick'
  }

  @Get('/missing')
  missing(): never {
    throw new NotFoundException('There is no such note.')
  }

  @Get('/broken')
  broken(): never {
    throw new TypeError('hunter2 is not a function')
  }

  /** Calls the same path of another port. */
  @Get('/relay/:port')
  async relay(@Param('port') port: number): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/notes?token=hunter2`)
    return response.json()
  }
}

@Module({
  imports: [DataModule.with({ synchronize: true }), ObservabilityModule],
  controllers: [NotesController],
  providers: [Notes, NoteBook],
})
export class DeskModule {}
