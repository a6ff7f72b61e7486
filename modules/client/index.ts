/** `tenon/client`: typed clients of the API, each one file. */
export { ClientNameTaken, ClientOutMissing } from './client-errors.ts'
export { ClientModule } from './client-module.ts'
export { printKotlin } from './kotlin/print-kotlin.ts'
export { printSwift } from './swift/print-swift.ts'
export { printTypeScript } from './typescript/print-typescript.ts'
