import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { place } from './material.ts'
import { readPage, readPages, ROOT, type Link, type Page } from './pages.ts'

const pages = readPages()

describe('The links of the pages', () => {
  it('lead to files and headings that exist', () => {
    const links = pages.flatMap((page) => page.links)

    expect(links.length).toBeGreaterThan(50)
    expect(links.filter((link) => isDead(link, pages)).map((link) => `${place(link)} ${link.target}`)).toEqual([])
  })

  it('reach every page from the first', () => {
    const reached = new Set(['docs/index.md'])
    for (const path of reached) {
      for (const { target } of pages.find((page) => page.path === path)?.links ?? []) {
        const file = fileOf(path, target)
        if (file?.startsWith('docs/') && file.endsWith('.md')) reached.add(file)
      }
    }

    expect(pages.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !reached.has(path))).toEqual([])
  })

  it('are dead when the heading or the file is missing', () => {
    const page = readPage('docs/a.md', '# Of `a`, and b\n\n[x](#of-a-and-b) [y](#c) [z](no.md) [w](../package.json)')

    expect(page.links.filter((link) => isDead(link, [page])).map(({ target }) => target)).toEqual(['#c', 'no.md'])
  })
})

function isDead({ page, target }: Link, all: readonly Page[]): boolean {
  const file = fileOf(page, target)
  if (file === undefined) return false
  const anchor = target.split('#')[1]
  const linked = all.find(({ path }) => path === file)
  if (anchor !== undefined) return !linked?.anchors.has(anchor)
  return !linked && !existsSync(join(ROOT, file))
}

/** From the root; nothing for addresses of elsewhere. */
function fileOf(page: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined
  const [path = ''] = target.split('#')
  return path === '' ? page : join(dirname(page), path).replaceAll('\\', '/')
}
