/** Entities with filters, soft delete and relations, for the tests of queries. */
import type { CallContext } from 'tenon'
import {
  BaseRepository,
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Filter,
  In,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Repository,
  VersionColumn,
  type Relation,
} from 'tenon/data'

/** What the filter of articles allows; a test sets it. */
export const readable = { states: ['published', 'archived'] as string[] | undefined }

@Entity()
export class Author {
  @PrimaryGeneratedColumn()
  id!: number

  @Column({ unique: true })
  name!: string

  @Column({ default: 0 })
  score!: number

  @OneToMany(() => Article, (article) => article.author)
  articles!: Relation<Article[]>
}

@Filter('readable', (_entity, _context: CallContext | undefined) =>
  readable.states === undefined ? {} : { state: In(readable.states) },
)
@Entity()
export class Article {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  title!: string

  @Column({ default: 'published' })
  state!: string

  @Column({ default: 0 })
  rank!: number

  @Column({ type: 'varchar', nullable: true })
  note!: string | null

  @ManyToOne(() => Author, (author) => author.articles, { nullable: true })
  author!: Relation<Author> | null

  @CreateDateColumn()
  createdAt!: Date

  @DeleteDateColumn()
  deletedAt!: Date | null

  @VersionColumn()
  version!: number
}

@Repository(Article)
export class Articles extends BaseRepository<Article> {
  protected override readonly maximumPageSize = 50

  ofTitles(titles: readonly (string | undefined)[], note: string | null = null): Promise<{ id: number }[]> {
    return this.sql<{ id: number }>`SELECT id FROM article WHERE title IN (${titles}) AND COALESCE(note, ${''}) =
      COALESCE(${note}, ${''}) ORDER BY id`
  }
}

@Repository(Author)
export class Authors extends BaseRepository<Author> {}
