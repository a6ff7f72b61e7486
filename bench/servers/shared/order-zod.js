/** The order as Express and Hono applications write it down: zod. */
import { z } from 'zod'

export const Order = z.object({
  reference: z.string().regex(/^ORD-\d{4}-\d{6}$/),
  customer: z.object({
    name: z.string().min(1).max(80),
    email: z.email(),
    phone: z
      .string()
      .regex(/^\+\d{8,15}$/)
      .optional(),
  }),
  shipTo: z.object({
    street: z.string().min(1).max(120),
    city: z.string().min(1).max(80),
    postalCode: z.string().min(3).max(12),
    country: z.string().regex(/^[A-Z]{2}$/),
  }),
  items: z
    .array(
      z.object({
        sku: z.string().regex(/^[A-Z]{2}-\d{4}$/),
        quantity: z.int().min(1).max(999),
        unitCents: z.int().min(0),
        tags: z.array(z.string().min(1).max(24)).max(10).optional(),
      }),
    )
    .min(1)
    .max(20),
  note: z.string().max(500).optional(),
  express: z.boolean(),
})
