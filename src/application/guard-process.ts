/** Ties an application to its process: signals drain it, and what nobody caught is logged. */
import type { Logger } from '../logging/logger.ts'

interface Closable {
  close(): Promise<void>
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** One Ctrl-C reaches a process several times: from the terminal, from npm, from a launcher. */
const SAME_SIGNAL_MS = 1000

/**
 * The first signal drains and exits with 0; another one, a second later or more, exits at once with 130. A rejection
 * nobody handled is logged and the process stays up; an exception nobody caught leaves unknown state, so the process
 * drains and exits with 1.
 * @returns takes the handlers away again, unless the process is on its way out.
 */
export function guardProcess(app: Closable, logger: Logger): () => void {
  let isStopping = false
  let stoppedAt = 0

  const stop = (exitCode: number): void => {
    isStopping = true
    app.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.error('The application could not stop cleanly.', { error })
        process.exit(1)
      },
    )
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping && performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(130)
    if (isStopping) return
    stoppedAt = performance.now()
    logger.info(`${signal} received: draining`)
    stop(0)
  }
  const onRejection = (error: unknown): void => logger.error('A promise was rejected and nobody handled it.', { error })
  const onException = (error: unknown): void => {
    logger.error('An exception was thrown and nobody caught it; stopping.', { error })
    if (!isStopping) stop(1)
  }

  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return () => {
    // On the way out a further Ctrl-C must not meet the default action, which would kill.
    if (isStopping) return
    for (const signal of SIGNALS) process.off(signal, onSignal)
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  }
}
