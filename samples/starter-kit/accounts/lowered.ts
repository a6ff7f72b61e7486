import { Transform } from 'tenon/validation'

/** An address is the same however it is typed: without blanks around it, in lower case. */
export const Lowered = (): PropertyDecorator =>
  Transform(({ value }: { readonly value: unknown }) =>
    typeof value === 'string' ? value.trim().toLowerCase() : value,
  )
