/** The order as Fastify applications write it down: JSON Schema, for the body and for the answer. */
const text = (minLength, maxLength) => ({ type: 'string', minLength, maxLength })

export const ORDER_SCHEMA = {
  type: 'object',
  required: ['reference', 'customer', 'shipTo', 'items', 'express'],
  properties: {
    reference: { type: 'string', pattern: '^ORD-\\d{4}-\\d{6}$' },
    customer: {
      type: 'object',
      required: ['name', 'email'],
      properties: {
        name: text(1, 80),
        email: { type: 'string', format: 'email' },
        phone: { type: 'string', pattern: '^\\+\\d{8,15}$' },
      },
    },
    shipTo: {
      type: 'object',
      required: ['street', 'city', 'postalCode', 'country'],
      properties: {
        street: text(1, 120),
        city: text(1, 80),
        postalCode: text(3, 12),
        country: { type: 'string', pattern: '^[A-Z]{2}$' },
      },
    },
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        required: ['sku', 'quantity', 'unitCents'],
        properties: {
          sku: { type: 'string', pattern: '^[A-Z]{2}-\\d{4}$' },
          quantity: { type: 'integer', minimum: 1, maximum: 999 },
          unitCents: { type: 'integer', minimum: 0 },
          tags: { type: 'array', maxItems: 10, items: text(1, 24) },
        },
      },
    },
    note: { type: 'string', maxLength: 500 },
    express: { type: 'boolean' },
  },
}

export const RECEIPT_SCHEMA = {
  type: 'object',
  properties: {
    reference: { type: 'string' },
    lines: { type: 'integer' },
    quantity: { type: 'integer' },
    cents: { type: 'integer' },
    express: { type: 'boolean' },
  },
}
