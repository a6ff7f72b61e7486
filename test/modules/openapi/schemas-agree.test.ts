import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'

import { Body, Controller, HttpCode, Module, Post, type Class } from 'tenon'
import { OpenApi, OpenApiModule } from 'tenon/openapi'
import { testApp, type TestApp } from 'tenon/testing'

import { classOf, describeModel, modelChoice, singleRules, type ModelChoice } from './generated-models.ts'
import { bodyFor, EVERY_VALUE } from './generated-values.ts'

/** Classes, and bodies for each. */
const CLASSES = process.env['FULL'] ? 3000 : 110
const BODIES = 8
/** So many are made by chance; asked about are some that the schema accepts, and those that it refuses for the least. */
const CANDIDATES = 80
/** Arguments that each single rule is tried with. */
const VARIATIONS = process.env['FULL'] ? 4 : 1
const SEED = Number(process.env['SEED'] ?? 20_261_121)

describe('Published schemas', () => {
  it('accept a body of any form exactly when the compiled validator accepts it', async () => {
    const choices = fc.sample(modelChoice, { numRuns: CLASSES, seed: SEED })
    await using comparison = await compare(choices)
    for (const [index, choice] of choices.entries()) {
      const candidates = fc.sample(bodyFor(choice), { numRuns: CANDIDATES, seed: SEED + index })
      const counted = candidates.map((body) => ({ body, errors: comparison.errorsOf(index, body) }))
      const fit = counted.filter(({ errors }) => errors === 0)
      const unfit = counted.filter(({ errors }) => errors > 0).toSorted((a, b) => a.errors - b.errors)
      const asked = [...fit.slice(0, BODIES / 2), ...unfit.slice(0, BODIES / 2)]
      await comparison.ask(
        index,
        asked.map(({ body }) => body),
      )
    }

    expect(comparison.verdict()).toBe('all agree')
    // Both kinds are frequent, or nothing would be shown.
    expect(Math.min(comparison.accepted, comparison.refused)).toBeGreaterThan(CLASSES)
  })

  it('accept a value exactly when the rule does, rule by rule', async () => {
    const choices = singleRules.flatMap((rule, index) => fc.sample(rule, { numRuns: VARIATIONS, seed: SEED + index }))
    await using comparison = await compare(choices)
    for (const index of choices.keys()) {
      await comparison.ask(
        index,
        EVERY_VALUE.map((value) => ({ f0: value })),
      )
    }

    expect(comparison.verdict()).toBe('all agree')
    expect(Math.min(comparison.accepted, comparison.refused)).toBeGreaterThan(4 * choices.length)
  })
})

/** Asks the running application and the published schema about the same bodies. */
class Comparison implements AsyncDisposable {
  accepted = 0
  refused = 0
  readonly #choices: readonly ModelChoice[]
  readonly #app: TestApp
  readonly #schemas: readonly ValidateFunction[]
  readonly #disagreements: unknown[] = []

  constructor(choices: readonly ModelChoice[], app: TestApp, schemas: readonly ValidateFunction[]) {
    this.#choices = choices
    this.#app = app
    this.#schemas = schemas
  }

  errorsOf(index: number, body: unknown): number {
    const accepts = this.#schemas[index]!
    return accepts(body) ? 0 : (accepts.errors?.length ?? 1)
  }

  async ask(index: number, bodies: readonly unknown[]): Promise<void> {
    const answers = await Promise.all(bodies.map((body) => this.#app.request(`/models/${index}`, { json: body })))
    for (const [position, answer] of answers.entries()) {
      const body = bodies[position]
      const isAccepted = answer.status === 204
      if (!isAccepted && answer.status !== 400) throw new Error(`${answer.status} for ${JSON.stringify(body)}`)
      this[isAccepted ? 'accepted' : 'refused'] += 1
      const answered = isAccepted ? undefined : ((await answer.json()) as { errors: unknown }).errors
      if ((this.errorsOf(index, body) === 0) === isAccepted) continue
      const why = answered ?? this.#schemas[index]!.errors
      this.#disagreements.push({ model: describeModel(this.#choices[index]!), body, isAccepted, why })
    }
  }

  verdict(): string {
    const some = this.#disagreements.slice(0, 3)
    return some.length === 0 ? 'all agree' : JSON.stringify(some, undefined, 1)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#app.close()
  }
}

async function compare(choices: readonly ModelChoice[]): Promise<Comparison> {
  const app = await testApp(moduleFor(choices), OpenApiModule).boot()
  const document = await app.get(OpenApi).document()
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  const schemas = choices.map((_, index) => ajv.compile({ $ref: `document#/components/schemas/Model${index}` }))
  return new Comparison(choices, app, schemas)
}

/** One route for each class. */
function moduleFor(choices: readonly ModelChoice[]): Class {
  @Controller('/models')
  class ModelsController {}
  const prototype = ModelsController.prototype as Record<string, (body: unknown) => void>
  for (const [index, choice] of choices.entries()) {
    const method = `take${index}`
    prototype[method] = () => undefined
    Reflect.defineMetadata('design:paramtypes', [classOf(choice, `Model${index}`)], prototype, method)
    Body()(prototype, method, 0)
    for (const decorate of [Post(`/${index}`), HttpCode(204)]) {
      decorate(prototype, method, Object.getOwnPropertyDescriptor(prototype, method)!)
    }
  }

  @Module({ controllers: [ModelsController] })
  class ModelsModule {}
  return ModelsModule
}
