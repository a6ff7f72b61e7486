/** `@Pii`, `@Phi`, `@Secret`, `@Confidential`: what kind of data a field holds. Whoever copies data out asks. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

/** `pii`: tells who somebody is. `phi`: tells of their health. `secret`: lets somebody in. `confidential`: for few. */
export type Classification = 'pii' | 'phi' | 'secret' | 'confidential'

export const CLASSIFICATION = new MetadataKey<Classification>('core.classification', undefined, { declares: false })

/** The field tells who somebody is: a name, an address, a number. Logs show `[pii]` instead of its value. */
export function Pii(): PropertyDecorator {
  return annotate(CLASSIFICATION, 'pii')
}

/** The field tells of somebody's health. Logs show `[phi]` instead of its value. */
export function Phi(): PropertyDecorator {
  return annotate(CLASSIFICATION, 'phi')
}

/** The field lets somebody in: a password, a token, a key. Logs show `[secret]` instead of its value. */
export function Secret(): PropertyDecorator {
  return annotate(CLASSIFICATION, 'secret')
}

/** The field is for few: a salary, a note about somebody. Logs show `[confidential]` instead of its value. */
export function Confidential(): PropertyDecorator {
  return annotate(CLASSIFICATION, 'confidential')
}
