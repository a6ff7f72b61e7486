/** The smallest request that still gets the same finding. */
import type { FuzzRequest } from './fuzz-request.ts'

const MOST_TRIALS = 80

/** @param isSame - Whether a smaller request is as wrong as the first. */
export async function shrinkRequest(
  first: FuzzRequest,
  isSame: (request: FuzzRequest) => Promise<boolean>,
): Promise<FuzzRequest> {
  let smallest = first
  let trials = 0
  for (let hasShrunk = true; hasShrunk && trials < MOST_TRIALS;) {
    hasShrunk = false
    for (const smaller of smallerRequests(smallest)) {
      if ((trials += 1) > MOST_TRIALS) break
      if (!(await isSame(smaller))) continue
      smallest = smaller
      hasShrunk = true
      break
    }
  }
  return smallest
}

function* smallerRequests(request: FuzzRequest): Generator<FuzzRequest> {
  const { parameters, body } = request
  for (const parameter of parameters) {
    if (!parameter.isRequired) yield { ...request, parameters: parameters.filter((each) => each !== parameter) }
  }
  if (body !== undefined && request.flaw === undefined) yield { ...request, body: undefined }
  for (const smaller of smallerValues(body)) yield { ...request, body: smaller }
}

/** The greatest steps first. */
function* smallerValues(value: unknown): Generator<unknown> {
  if (typeof value === 'string') {
    if (value.length > 1) yield value.slice(0, Math.ceil(value.length / 2))
    if (value.length > 1) yield value.slice(0, -1)
    if (/[^x]/.test(value)) yield 'x'.repeat(value.length)
  } else if (typeof value === 'number') {
    if (value !== 0) yield 0
    if (Math.abs(value) > 1) yield Math.trunc(value / 2)
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) yield value.toSpliced(index, 1)
    for (const [index, each] of value.entries())
      for (const smaller of smallerValues(each)) yield value.with(index, smaller)
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    for (const [name] of entries) yield Object.fromEntries(entries.filter(([each]) => each !== name))
    for (const [name, each] of entries) {
      for (const smaller of smallerValues(each)) yield { ...value, [name]: smaller }
    }
  }
}
