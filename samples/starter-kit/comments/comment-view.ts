import { Expose, Type } from 'tenon/validation'

import { PersonView } from '../accounts/user-view.ts'

export class CommentView {
  @Expose() readonly id!: number
  @Expose() @Type(() => PersonView) readonly author!: PersonView
  @Expose() readonly body!: string
  @Expose() readonly isInternal!: boolean
  @Expose() readonly createdAt!: Date
}
