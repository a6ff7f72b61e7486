import { IsBoolean, IsOptional, Length } from 'tenon/validation'

export class NewComment {
  @Length(1, 10_000)
  readonly body!: string

  /** For agents only. Default: `false`. */
  @IsOptional()
  @IsBoolean()
  readonly isInternal?: boolean
}
