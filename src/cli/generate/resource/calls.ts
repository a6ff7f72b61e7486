/** How tests call an application: as whom, and what those who are unknown are answered. */
import type { Layout } from '../layout.ts'

export interface Calls {
  /** An expression that starts the application under test. */
  readonly boot: string
  /** The application, called by somebody who may. */
  readonly caller: string
  /** Whether that is another expression than the application itself. */
  readonly isKnown: boolean
  /** The status for somebody unknown; none where everybody may call. */
  readonly refusal: number | undefined
}

export function callsOf({ usesAccess, usesAuth, usesTenancy }: Layout): Calls {
  const asks = usesAccess || usesAuth
  return {
    boot: usesTenancy ? 'boot()' : 'testApp(AppModule).boot()',
    caller: usesTenancy ? 'app.as(ANN)' : asks ? "app.as({ id: 'ann' })" : 'app',
    isKnown: usesTenancy || asks,
    // Who calls is asked first, then for which tenant, then whether they may.
    refusal: usesAuth ? 401 : usesTenancy ? 400 : usesAccess ? 403 : undefined,
  }
}
