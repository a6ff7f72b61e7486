/** The application that has started; injectable, for commands that call it as its callers do. */
import { Injectable } from '../../decorators/index.ts'
import type { Application } from './application.ts'

@Injectable()
export class RunningApplication {
  #application: Application | undefined

  /** `undefined` before everything has started, and in commands that do not start it. */
  get application(): Application | undefined {
    return this.#application
  }

  /** @internal */
  connect(application: Application): void {
    this.#application = application
  }
}
