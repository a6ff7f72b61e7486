/** Express's own types, for those who hand its objects on: the one place they are imported by name. */
export type { Request, Response } from 'express'
