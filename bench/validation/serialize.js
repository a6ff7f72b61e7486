/**
 * What answering with a model costs: the compiled shaper and `JSON.stringify`, beside `JSON.stringify` alone (which
 * filters nothing) and class-transformer. Run `npm run build` in the root first, then `node validation/serialize.js`.
 */
const root = new URL('../../', import.meta.url)
const { Exclude, Expose, IsString, IsInt, Type, instanceToPlain } = await import(
  new URL('dist/src/validation/index.js', root)
)
const { compileSerializer } = await import(new URL('dist/src/validation/compile-serializer.js', root))

class Team {}
IsInt()(Team.prototype, 'id')
IsString()(Team.prototype, 'name')

class User {}
for (const name of ['name', 'email', 'city', 'phone', 'role', 'locale']) IsString()(User.prototype, name)
IsInt()(User.prototype, 'id')
Expose()(User.prototype, 'created')
Exclude()(User.prototype, 'password')
Type(() => Team)(User.prototype, 'team')

const users = Array.from({ length: 20 }, (_, id) =>
  Object.assign(new User(), {
    id,
    name: `Ada Lovelace ${id}`,
    email: `ada.${id}@example.org`,
    city: 'London',
    phone: '+44 20 7946 0000',
    role: 'member',
    locale: 'en-GB',
    created: new Date(1_700_000_000_000 + id),
    password: 'secret',
    team: Object.assign(new Team(), { id: 7, name: 'Engines' }),
  }),
)

const code = await compileSerializer(User, { array: true, backEnd: 'code' })
const closures = await compileSerializer(User, { array: true, backEnd: 'closures' })
const contenders = [
  { name: 'JSON.stringify', run: () => JSON.stringify(users) },
  { name: 'code', run: () => JSON.stringify(code(users)) },
  { name: 'closures', run: () => JSON.stringify(closures(users)) },
  { name: 'class-transformer', run: () => JSON.stringify(instanceToPlain(users)) },
].map((contender) => ({ ...contender, times: [] }))

const ROUNDS = 25
const LOOPS = 300
for (let round = 0; round < ROUNDS; round++) {
  for (const { run, times } of contenders) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < LOOPS; i++) run()
    times.push(Number(process.hrtime.bigint() - start) / LOOPS)
  }
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1]
const [plain] = contenders
console.log(`a list of 20, ${code(users).length} written, Node ${process.versions.node}, median of ${ROUNDS} rounds`)
for (const { name, times } of contenders) {
  const share = median(times) / median(plain.times)
  console.log(`${name.padEnd(20)} ${median(times).toFixed(0).padStart(8)} ns   ${share.toFixed(2)} of JSON.stringify`)
}
