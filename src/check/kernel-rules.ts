/** Every rule of the kernel; modules add theirs with `@Module({ rules })`. */
import type { CheckRule } from './check-rule.ts'
import { ambiguousProviders } from './rules/ambiguous-providers.ts'
import { capturedLifetimes } from './rules/captured-lifetimes.ts'
import { commandNames, commandParameters } from './rules/command-parameters.ts'
import { competingRoutes } from './rules/competing-routes.ts'
import { configValues } from './rules/config-values.ts'
import { declaredInterceptors } from './rules/declared-interceptors.ts'
import { declaredVersions } from './rules/declared-versions.ts'
import { dependencyCycles } from './rules/dependency-cycles.ts'
import { handlerParameters } from './rules/handler-parameters.ts'
import { injectedContainer } from './rules/injected-container.ts'
import { internalProviders } from './rules/internal-providers.ts'
import { missingProviders } from './rules/missing-providers.ts'
import { nestedModels } from './rules/nested-models.ts'
import { pathParameters } from './rules/path-parameters.ts'
import { protectiveFacts } from './rules/protective-facts.ts'
import { requestBodies } from './rules/request-bodies.ts'
import { requestModels } from './rules/request-models.ts'
import { responseModels } from './rules/response-models.ts'
import { routeAnswers } from './rules/route-answers.ts'
import { routePaths } from './rules/route-paths.ts'
import { skippedInterceptors } from './rules/skipped-interceptors.ts'
import { transientProviders } from './rules/transient-providers.ts'
import { unmanagedRoutes } from './rules/unmanaged-routes.ts'
import { untypedDependencies } from './rules/untyped-dependencies.ts'
import { uploadLimits } from './rules/upload-limits.ts'

export const KERNEL_RULES: readonly CheckRule[] = [
  missingProviders,
  ambiguousProviders,
  dependencyCycles,
  capturedLifetimes,
  internalProviders,
  untypedDependencies,
  transientProviders,
  injectedContainer,
  routePaths,
  competingRoutes,
  declaredVersions,
  pathParameters,
  handlerParameters,
  requestModels,
  requestBodies,
  unmanagedRoutes,
  routeAnswers,
  uploadLimits,
  nestedModels,
  responseModels,
  skippedInterceptors,
  commandParameters,
  commandNames,
  declaredInterceptors,
  protectiveFacts,
  configValues,
]
