/** Moments as milliseconds since the epoch: every database keeps them exactly, and they compare as numbers. */
import { Column } from 'tenon/data'

const AS_NUMBER = {
  // PostgreSQL and MariaDB hand 64-bit numbers over as text.
  from: (value: string | number | null): number | null => (value === null ? null : Number(value)),
  to: (value: unknown): unknown => value,
}

export function MomentColumn({ nullable = false } = {}): PropertyDecorator {
  return Column({ type: 'bigint', nullable, transformer: AS_NUMBER })
}
