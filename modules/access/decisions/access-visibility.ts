/** Which endpoints a caller may know of, such as in documents: those that some call of theirs could get through to. */
import { CallerRecognition, EndpointVisibility, type CallContext, type Endpoint } from 'tenon'
import { Injectable, Optional } from 'tenon/decorators'

import { Access } from '../access.ts'
import { FALSE } from '../conditions/formula.ts'
import { residual } from '../conditions/residual.ts'
import { formulaOfEndpoint } from './endpoint-decision.ts'

@Injectable()
export class AccessVisibility extends EndpointVisibility {
  readonly #access: Access
  readonly #recognition: CallerRecognition | undefined

  constructor(access: Access, @Optional() recognition?: CallerRecognition) {
    super()
    this.#access = access
    this.#recognition = recognition
  }

  async isVisible(endpoint: Endpoint, context: CallContext): Promise<boolean> {
    const caller = context.principal ?? (await this.#recognition?.recognize(context))
    return residual(formulaOfEndpoint(endpoint), caller, this.#access.roles) !== FALSE
  }
}
