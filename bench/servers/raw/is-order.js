/** Validation by hand. */
const REFERENCE = /^ORD-\d{4}-\d{6}$/
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i
const PHONE = /^\+\d{8,15}$/
const COUNTRY = /^[A-Z]{2}$/
const SKU = /^[A-Z]{2}-\d{4}$/

export function isOrder(body) {
  return (
    isObject(body) &&
    matches(body.reference, REFERENCE) &&
    isCustomer(body.customer) &&
    isAddress(body.shipTo) &&
    Array.isArray(body.items) &&
    body.items.length >= 1 &&
    body.items.length <= 20 &&
    body.items.every(isItem) &&
    (body.note === undefined || isText(body.note, 0, 500)) &&
    typeof body.express === 'boolean'
  )
}

function isCustomer(value) {
  return (
    isObject(value) &&
    isText(value.name, 1, 80) &&
    matches(value.email, EMAIL) &&
    (value.phone === undefined || matches(value.phone, PHONE))
  )
}

function isAddress(value) {
  return (
    isObject(value) &&
    isText(value.street, 1, 120) &&
    isText(value.city, 1, 80) &&
    isText(value.postalCode, 3, 12) &&
    matches(value.country, COUNTRY)
  )
}

function isItem(value) {
  return (
    isObject(value) &&
    matches(value.sku, SKU) &&
    isWhole(value.quantity, 1, 999) &&
    isWhole(value.unitCents, 0, Number.MAX_SAFE_INTEGER) &&
    (value.tags === undefined || (Array.isArray(value.tags) && value.tags.length <= 10 && value.tags.every(isTag)))
  )
}

function isTag(value) {
  return isText(value, 1, 24)
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value, least, most) {
  return typeof value === 'string' && value.length >= least && value.length <= most
}

function isWhole(value, least, most) {
  return Number.isInteger(value) && value >= least && value <= most
}

function matches(value, pattern) {
  return typeof value === 'string' && pattern.test(value)
}
