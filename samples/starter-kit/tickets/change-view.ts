import { Doc } from 'tenon'
import type { EntityChange, FieldChange } from 'tenon/data'
import { Expose, IsInt, IsOptional, IsString, Min } from 'tenon/validation'

const CHANGES = {
  type: 'object',
  additionalProperties: { type: 'object', properties: { from: {}, to: {} } },
}

/** One change of a ticket. */
export class ChangeView {
  @Expose() readonly id!: number
  @Expose() readonly action!: string
  @Doc({ description: 'By field: `from` what, `to` what.', schema: CHANGES })
  @Expose()
  readonly changes!: Record<string, FieldChange>
  @Doc({ description: 'Who made it; `null` for the desk itself.', nullable: true })
  @Expose()
  @IsString()
  readonly by!: string | null
  @Expose() readonly at!: Date
}

/** Which changes are asked for, newest first. */
export class HistoryQuery {
  /** Only changes before this one, by its `id`: for the next page. */
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly before?: number
}

export function viewChange({ id, action, changes, by, at }: EntityChange): ChangeView {
  return { id, action, changes, by, at: new Date(at) }
}
