/** Paths as a tree, with a word about each. */
import type { Paint } from '../tool-io.ts'

export interface Leaf {
  /** With `/` between folders. */
  readonly path: string
  /** `created`, `changed`, … */
  readonly word: string
  readonly style: Parameters<Paint>[0]
}

interface Node {
  readonly folders: Map<string, Node>
  readonly leaves: Map<string, Leaf>
}

export function printTree(leaves: readonly Leaf[], paint: Paint): string {
  const root: Node = { folders: new Map(), leaves: new Map() }
  for (const leaf of leaves) {
    const parts = leaf.path.split(/[\\/]/)
    let node = root
    for (const part of parts.slice(0, -1)) {
      if (!node.folders.has(part)) node.folders.set(part, { folders: new Map(), leaves: new Map() })
      node = node.folders.get(part)!
    }
    node.leaves.set(parts.at(-1)!, leaf)
  }
  return lines(root, paint, '').join('\n')
}

function lines(node: Node, paint: Paint, indent: string): readonly string[] {
  return [
    ...[...node.folders].flatMap(([name, folder]) => {
      const [path, inner] = chain(name, folder)
      return [`${indent}${path}/`, ...lines(inner, paint, `${indent}  `)]
    }),
    ...[...node.leaves].map(
      ([name, { word, style }]) => `${indent}${name}${word === '' ? '' : `  ${paint(style, word)}`}`,
    ),
  ]
}

/** Folders that hold one folder and nothing else are one line. */
function chain(name: string, node: Node): readonly [path: string, node: Node] {
  const [only, ...others] = node.folders
  return only && others.length === 0 && node.leaves.size === 0 ? chain(`${name}/${only[0]}`, only[1]) : [name, node]
}
