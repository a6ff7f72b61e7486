/**
 * `preset: 'tenon/jest'`: runs the compiled tests, the bytes that are published, in bare Node. Nothing is transformed,
 * and packages that exist as ESM only load as they do in production.
 */
import { availableParallelism } from 'node:os'

const preset = {
  runner: 'jest-light-runner',
  roots: ['<rootDir>/dist'],
  testMatch: ['**/*.test.js'],
  transform: {},
  // The runner's workers start at once, all of them, and with a single one it shares Jest's own process.
  maxWorkers: Math.min(Math.max(availableParallelism(), 2), 8),
}

export default preset
