/** Which tasks are asked for, in which order, how many at a time. Only what stands here can be asked for. */
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'tenon/validation'

const SORT_KEYS = ['id', 'title', 'dueOn', 'isDone', 'createdAt', 'updatedAt'] as const
type SortKey = (typeof SORT_KEYS)[number]

export class TaskQuery {
  @IsOptional()
  @IsBoolean()
  readonly isDone?: boolean

  /** A key, or a key with `-` in front for the other direction. */
  @IsIn([...SORT_KEYS, ...SORT_KEYS.map((key) => `-${key}`)])
  readonly sort: SortKey | `-${SortKey}` = 'id'

  @IsInt()
  @Min(1)
  readonly page: number = 1

  @IsInt()
  @Min(1)
  @Max(100)
  readonly size: number = 20
}
