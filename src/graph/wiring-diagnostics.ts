/** What can be wrong with modules, providers and their wiring. */
import { defineDiagnostic } from '../check/diagnostic.ts'

export const ImportNotAModule = defineDiagnostic({
  code: 'WIRING_IMPORT_NOT_A_MODULE',
  message: (module: string, found: string) => `${module} imports ${found}, which is no module.`,
  help: 'Import a class with @Module(), XModule.with(...) or lazy(...); `undefined` means that two files import each other.',
})

export const LazyModuleEmpty = defineDiagnostic({
  code: 'WIRING_LAZY_MODULE_EMPTY',
  message: (module: string, found: number) =>
    `${module} lazily imports a file that exports ${found} modules, where exactly one is expected.`,
  help: 'Answer the file that exports the module class: lazy(() => import("./x-module.js")).',
})

export const ModuleConfiguredTwice = defineDiagnostic({
  code: 'WIRING_MODULE_CONFIGURED_TWICE',
  message: (module: string) => `${module} is configured with two different settings.`,
  help: 'Keep one `.with(...)`, near the root; everyone else imports the plain module.',
})

export const ProviderInvalid = defineDiagnostic({
  code: 'WIRING_PROVIDER_INVALID',
  message: (module: string, found: string) => `${module} lists ${found} as a provider, and it is none.`,
  help: 'List a class, or { provide, useClass | useValue | useFactory | useExisting }; `undefined` means that two files import each other.',
})

export const ControllerInvalid = defineDiagnostic({
  code: 'WIRING_CONTROLLER_INVALID',
  message: (module: string, found: string) => `${module} lists ${found} as a controller, and it has no @Controller().`,
  help: 'Write @Controller() above the class, or list it under providers; `undefined` means that two files import each other.',
})

export const ControllerRepeated = defineDiagnostic({
  code: 'WIRING_CONTROLLER_REPEATED',
  message: (controller: string, first: string, second: string) =>
    `${controller} is listed by ${first} and by ${second}.`,
  help: 'List it in one module only; its routes would exist twice.',
})

export const OverrideUnknown = defineDiagnostic({
  code: 'WIRING_OVERRIDE_UNKNOWN',
  severity: 'warning',
  message: (token: string) => `${token} is overridden, and nothing in the application provides or asks for it.`,
  help: 'Override the token that is injected: a class of the same name from another file is another token.',
})

export const ProvideTokenMissing = defineDiagnostic({
  code: 'WIRING_PROVIDE_TOKEN_MISSING',
  message: (member: string) =>
    `@Provide() on ${member} does not say what it provides, and its return type does not exist at run time.`,
  help: 'Name the token: @Provide(TOKEN). An async method needs it too, because only Promise is emitted.',
})
