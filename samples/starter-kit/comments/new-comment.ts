import { IsBoolean, Length } from 'tenon/validation'

export class NewComment {
  @Length(1, 10_000)
  readonly body!: string

  /** For agents only. */
  @IsBoolean()
  readonly isInternal: boolean = false
}
