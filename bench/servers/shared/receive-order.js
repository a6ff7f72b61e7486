/** What happens to an order that is valid. */
export function receiveOrder({ reference, items, express }) {
  let quantity = 0
  let cents = 0
  for (const item of items) {
    quantity += item.quantity
    cents += item.quantity * item.unitCents
  }
  return { reference, lines: items.length, quantity, cents, express }
}
