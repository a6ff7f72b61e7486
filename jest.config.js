/** Our own tests run by the preset we publish. */
export default {
  preset: './dist/src/testing/jest-preset.js',
  roots: ['<rootDir>/dist/test'],
}
