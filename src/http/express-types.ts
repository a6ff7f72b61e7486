/** Express's types, for those who must not know the package. */
export type { Request, Response } from 'express'
