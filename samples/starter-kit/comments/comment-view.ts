import { Doc } from 'tenon'
import { Expose, IsInt, IsOptional, IsString, Max, MaxLength, Min, Type } from 'tenon/validation'

import { PersonView } from '../accounts/user-view.ts'

export class CommentView {
  @Expose() readonly id!: number
  @Expose() @Type(() => PersonView) readonly author!: PersonView
  @Expose() readonly body!: string
  @Expose() readonly isInternal!: boolean
  @Expose() readonly createdAt!: Date
}

export const MOST_COMMENTS = 100

/** Which comments are asked for, oldest first. */
export class CommentQuery {
  /** The `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly after?: string

  @IsInt()
  @Min(1)
  @Max(MOST_COMMENTS)
  readonly size: number = 50
}

export class CommentPage {
  @Expose() @Type(() => CommentView) readonly items!: readonly CommentView[]
  @Doc({ description: 'For `after`; `null` on the last page.', nullable: true })
  @Expose()
  @IsString()
  readonly next!: string | null
}
