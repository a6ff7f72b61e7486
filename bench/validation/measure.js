/**
 * What validating one body costs: compiled, beside class-transformer and class-validator called one after the other.
 * Run `npm run build` in the root first, then `node validation/measure.js`.
 *
 * Rounds of both alternate, so that a machine that slows down slows both; the ratio is of medians.
 */
const root = new URL('../../', import.meta.url)
const { plainToInstance, validateSync, ...decorators } = await import(new URL('dist/src/validation/index.js', root))
const { compileValidator } = await import(new URL('dist/src/validation/compile-validator.js', root))
const { IsArray, IsEmail, IsIn, IsInt, IsNumber, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, Type } =
  decorators
const { ValidateNested } = decorators

/** Decorators as a compiler applies them, with the types it emits. */
function model(fields) {
  const type = class {}
  for (const [name, [emitted, ...rules]] of Object.entries(fields)) {
    Reflect.defineMetadata('design:type', emitted, type.prototype, name)
    for (const rule of rules.toReversed()) rule(type.prototype, name)
  }
  return type
}

const Address = model({
  street: [String, IsString(), Length(1, 100)],
  city: [String, IsString(), Length(1, 60)],
  zip: [String, Matches(/^\d{5}$/)],
  country: [String, IsIn(['CH', 'DE', 'FR', 'US'])],
})
const Item = model({
  sku: [String, IsString(), Length(3, 20)],
  quantity: [Number, IsInt(), Min(1), Max(1000)],
  price: [Number, IsNumber(), Min(0)],
  note: [String, IsOptional(), IsString(), MaxLength(200)],
})
const Order = model({
  name: [String, IsString(), Length(1, 80)],
  email: [String, IsEmail()],
  age: [Number, IsInt(), Min(18), Max(120)],
  address: [Address, ValidateNested(), Type(() => Address)],
  tags: [Array, IsArray(), IsString({ each: true })],
  items: [Array, IsArray(), ValidateNested({ each: true }), Type(() => Item)],
  comment: [String, IsOptional(), IsString(), MaxLength(500)],
})

const text = JSON.stringify({
  name: 'Ada Lovelace',
  email: 'ada.lovelace@example.org',
  age: 36,
  address: { street: 'St James Square 12', city: 'London', zip: '12345', country: 'CH' },
  tags: ['mathematics', 'engine', 'priority'],
  items: [
    { sku: 'PUNCH-CARD', quantity: 100, price: 0.25, note: 'blank ones, please, and packed in boxes of ten' },
    { sku: 'BRASS-GEAR', quantity: 12, price: 14.5 },
    { sku: 'DRIVE-BELT', quantity: 2, price: 7.75, note: 'leather, not rubber' },
    { sku: 'OIL-CAN', quantity: 1, price: 3 },
  ],
  comment: 'Deliver to the back door between nine and eleven in the morning.',
})

const invalid = JSON.stringify({ ...JSON.parse(text), age: 7, email: 'nobody' })
const options = { whitelist: true, forbidNonWhitelisted: true }
const code = await compileValidator(Order, { mode: 'strict', backEnd: 'code' })
const closures = await compileValidator(Order, { mode: 'strict', backEnd: 'closures' })
const libraries = (value) => {
  const instance = plainToInstance(Order, value, { exposeUnsetFields: false })
  if (validateSync(instance, options).length > 0) throw new Error('not valid')
  return instance
}
const refused = (validate) => (value) => {
  try {
    validate(value)
  } catch {
    return
  }
  throw new Error('accepted')
}

const body = JSON.parse(text)
const broken = JSON.parse(invalid)
const contenders = [
  { name: 'libraries', run: () => libraries(body), loops: 300 },
  { name: 'code', run: () => code(body), loops: 6000 },
  { name: 'closures', run: () => closures(body), loops: 3000 },
  { name: 'JSON.parse', run: () => JSON.parse(text), loops: 3000 },
  { name: 'libraries, invalid', run: () => refused(libraries)(broken), loops: 200 },
  { name: 'code, invalid', run: () => refused(code)(broken), loops: 500 },
].map((contender) => ({ ...contender, times: [] }))

if (JSON.stringify(code(body)) !== JSON.stringify(libraries(body))) throw new Error('the results differ')

const ROUNDS = 25
for (let round = 0; round < ROUNDS; round++) {
  for (const { run, loops, times } of contenders) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < loops; i++) run()
    times.push(Number(process.hrtime.bigint() - start) / loops)
  }
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1]
const [slow] = contenders
console.log(`${Buffer.byteLength(text)} bytes, Node ${process.versions.node}, median of ${ROUNDS} alternating rounds`)
for (const { name, times } of contenders) {
  const ratio = median(slow.times) / median(times)
  console.log(
    `${name.padEnd(20)} ${median(times).toFixed(0).padStart(8)} ns   ${ratio.toFixed(1).padStart(6)}x libraries`,
  )
}
