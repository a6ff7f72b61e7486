/** `tenon/cli`: the tool as a function, for `bin/tenon.js` and for programs that run it themselves. */
export { EXIT } from './exit-codes.ts'
export { main } from './main.ts'
export type { ToolIo } from './tool-io.ts'
