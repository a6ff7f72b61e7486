export interface Environment {
  readonly name: string
  readonly isProduction: boolean
  readonly isDevelopment: boolean
  readonly isTest: boolean
  readonly variables: Readonly<Record<string, string | undefined>>
  originOf(variable: string): string | undefined
}
