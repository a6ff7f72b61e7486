/** What callers send about tasks. */
import { IsBoolean, IsISO8601, IsOptional, Length, Matches, PartialType, ValidateIf } from 'tenon/validation'

export class CreateTask {
  @Length(1, 255)
  readonly title!: string

  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  readonly dueOn?: string | null

  /** Default: `false`. */
  @ValidateIf((_request, value) => value !== undefined)
  @IsBoolean()
  readonly isDone?: boolean
}

/** What is left out stays as it is. */
export class UpdateTask extends PartialType(CreateTask, { skipNullProperties: false }) {}
