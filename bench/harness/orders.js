/** The body of the validation scenarios, about 600 bytes, and bodies that every peer has to refuse. */
export const ORDER = {
  reference: 'ORD-2026-000417',
  customer: { name: 'Ada Lovelace', email: 'ada.lovelace@example.com', phone: '+441632960961' },
  shipTo: { street: "12 St James's Square", city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
  items: [
    { sku: 'KB-0001', quantity: 2, unitCents: 4990, tags: ['keyboard', 'wireless'] },
    { sku: 'MS-0117', quantity: 1, unitCents: 2495, tags: ['mouse'] },
    { sku: 'CB-2040', quantity: 12, unitCents: 399 },
  ],
  note: 'Please leave the parcel with the neighbours at number fourteen when nobody opens the door before noon.',
  express: true,
}

export const REFUSED_ORDERS = [
  { ...ORDER, reference: 'ORD-26-17' },
  { ...ORDER, reference: undefined },
  { ...ORDER, customer: { ...ORDER.customer, email: 'ada at example.com' } },
  { ...ORDER, customer: undefined },
  { ...ORDER, shipTo: { ...ORDER.shipTo, country: 'Great Britain' } },
  { ...ORDER, items: [] },
  { ...ORDER, items: [...ORDER.items, { sku: 'KB-0001', quantity: 1.5, unitCents: 100 }] },
  { ...ORDER, items: [{ sku: 'KB-0001', quantity: 1, unitCents: 100, tags: ['x'.repeat(25)] }] },
  { ...ORDER, note: 'x'.repeat(501) },
  { ...ORDER, express: 'yes' },
  [],
]
