/** What V8 is told about the objects of a server. */

/** Loading the module behind it would delay the start, and what it changes matters to a busy server only. */
const AFTER_START_MS = 100

/**
 * V8 no longer puts new objects among the old ones because earlier ones of their place in the code have survived a
 * collection; a switch of the whole process, for good. A server that is busy when a collection comes always has some calls
 * in it: V8 concludes that what calls make lives long, each call's garbage then waits for a collection of the whole heap,
 * and keeps what it points to. Bodies cost twice the CPU from then on, in most starts and not in all.
 */
export function keepObjectsYoung(): void {
  setTimeout(
    () => process.getBuiltinModule('node:v8').setFlagsFromString('--no-allocation-site-pretenuring'),
    AFTER_START_MS,
  ).unref()
}
