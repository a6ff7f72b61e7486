/** `process.env` outside of configuration classes: never checked at start, never listed by `tenon config`. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import type { ClassSource } from '../class-index.ts'
import { siteOf, walk, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const EnvironmentRead = defineDiagnostic({
  code: 'SOURCE_ENVIRONMENT_READ',
  severity: 'warning',
  message: (variable: string) =>
    `${variable} is read past the configuration: nothing checks it, and no .env file counts.`,
  help: 'Make it a field with @Env() of a @Config() class, and inject that.',
})

export const environmentReads: SourceRule = ({ syntax, files, classes }) => {
  const found: SourceFinding[] = []
  for (const file of files) {
    const declared = classes.all.filter((each) => each.file === file && each.decorators.length > 0)
    // A file of configuration may have functions that its defaults use.
    if (declared.length > 0 && declared.every(isConfig)) continue
    const inside = new Set<TypeScript.Node>(declared.filter(isConfig).map(({ node }) => node))
    walk(syntax, file, (node) => {
      if (inside.has(node)) return false
      if (!syntax.isPropertyAccessExpression(node) || node.getText() !== 'process.env') return undefined
      const { parent } = node
      const whole =
        syntax.isPropertyAccessExpression(parent) || syntax.isElementAccessExpression(parent) ? parent : node
      found.push({ diagnostic: EnvironmentRead({ at: siteOf(node) }, whole.getText()) })
      return undefined
    })
  }
  return { found }
}

function isConfig({ decorators }: ClassSource): boolean {
  return decorators.some(({ name }) => name === 'Config')
}
