/** Templates are files of the package, so that people may read what their client is made of. */
import { fileURLToPath } from 'node:url'

// From `dist/modules/client`, where compiled code stands; templates are shipped beside the sources.
const TEMPLATES = new URL('../../../modules/client/templates/', import.meta.url)

/** @param template - A file of `templates/`, without its ending. */
export async function render(template: string, data: object): Promise<string> {
  const { Eta } = await import('eta')
  const eta = new Eta({ views: fileURLToPath(TEMPLATES), autoEscape: false, autoTrim: [false, 'nl'] })
  // What a loop leaves between two parts is one empty line, and none at the ends of a block.
  return eta
    .render(template, data)
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/([{(])\n\n/g, '$1\n')
    .replaceAll(/\n\n( *[})])/g, '\n$1')
}
