/** The rows that were loaded for decisions of a call, for its handler. */
import { ContextKey } from 'tenon'

export const LOADED_RESOURCES = new ContextKey<readonly object[]>('access.loaded')
