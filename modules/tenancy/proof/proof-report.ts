/** What a proof has tried, and what it has found. */

export interface ProofFinding {
  /** `GET /tickets/:id`, `Ticket.update`. */
  readonly where: string
  /** What was tried, in a few words. */
  readonly attack: string
  /** What should not have happened. */
  readonly leak: string
}

export interface TenancyProof {
  /** Every way in that was attacked, with its controls having succeeded. */
  readonly proved: readonly string[]
  /** Ways in whose control never succeeded: what is refused there says nothing about isolation. */
  readonly unproved: readonly { readonly where: string; readonly why: string }[]
  readonly attacks: number
  readonly controls: number
  readonly findings: readonly ProofFinding[]
}

/** Thrown where the first finding is enough. */
export class ProofEnded extends Error {}

export class ProofReport {
  attacks = 0
  controls = 0
  readonly #untilFound: boolean
  readonly #findings: ProofFinding[] = []
  readonly #proved = new Set<string>()
  readonly #unproved = new Map<string, string>()
  readonly #broken = new Map<string, string>()

  /** @param untilFound - Whether it ends with the first finding. */
  constructor(untilFound: boolean) {
    this.#untilFound = untilFound
  }

  /** One finding for each attack, whatever else it shows. @throws `ProofEnded` */
  find(where: string, attack: string, leak: string): void {
    if (!this.#findings.some((each) => each.where === where && each.attack === attack)) {
      this.#findings.push({ where, attack, leak })
    }
    if (this.#untilFound) throw new ProofEnded()
  }

  /** A control: something that has to work, so that its counterpart's failing means something. */
  control(where: string, succeeded: boolean, why: string): void {
    this.controls += 1
    if (succeeded) this.#proved.add(where)
    else this.#unproved.set(where, why)
  }

  /** A control that each time has to succeed: one that fails is not made good by others. */
  require(where: string, succeeded: boolean, why: string): void {
    this.control(where, succeeded, why)
    if (!succeeded) this.#broken.set(where, why)
  }

  result(): TenancyProof {
    const unproved = new Map([...this.#unproved].filter(([where]) => !this.#proved.has(where)))
    for (const [where, why] of this.#broken) unproved.set(where, why)
    return {
      proved: [...this.#proved].filter((where) => !this.#broken.has(where)),
      unproved: [...unproved].map(([where, why]) => ({ where, why })),
      attacks: this.attacks,
      controls: this.controls,
      findings: this.#findings,
    }
  }
}
