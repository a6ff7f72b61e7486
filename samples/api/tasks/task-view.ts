/** What callers see of tasks. */
import { Doc } from 'tenon'
import { Expose, IsString, Type } from 'tenon/validation'

export class TaskView {
  @Expose() readonly id!: number
  @Expose() readonly title!: string
  @Doc({ nullable: true })
  @IsString()
  @Expose()
  readonly dueOn!: string | null
  @Expose() readonly isDone!: boolean
  @Expose() readonly createdAt!: Date
  @Expose() readonly updatedAt!: Date
}

/** Some of the tasks that were asked for. */
export class TaskPage {
  @Expose() @Type(() => TaskView) readonly items!: readonly TaskView[]
  @Expose() readonly page!: number
  @Expose() readonly size!: number
  @Expose() readonly total!: number
  @Expose() readonly pages!: number
}
