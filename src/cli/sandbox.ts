/**
 * Work that shall leave no trace: `tenon console --sandbox`, dry runs. Whoever keeps state that can be taken back
 * provides one; the data module's is a transaction that is rolled back.
 */
export abstract class Sandbox {
  /** Runs `work`; when it is done, what it changed is taken back. */
  abstract run<T>(work: () => Promise<T>): Promise<T>
}
