/** `tenon/testing`: applications under test. */
export { FakeClock } from './fake-clock.ts'
export { MemoryLogger, type LogLine } from './memory-logger.ts'
export { TestApp, testApp, TestAppBuilder, type OverrideChoice } from './test-app.ts'
