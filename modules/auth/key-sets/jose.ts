/** jose, loaded with the first key: an application that authenticates otherwise never reads it. */
export const loadJose = (): Promise<typeof import('jose')> => import('jose')
