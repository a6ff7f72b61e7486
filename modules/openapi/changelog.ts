/** What has changed for callers, told with the document. Who compares contracts provides it. */

/** A part of the changelog, about one version of the API. */
export interface ChangelogChapter {
  /** The version it belongs to; unset where the API has none. */
  readonly version: string | undefined
  /** `Since the last contract` */
  readonly title: string
  /** Markdown without a heading of its own; its parts have headings of the third level. */
  readonly text: string
}

export abstract class ApiChangelog {
  /**
   * The newest first; empty where there is nothing to tell.
   * @param against - Folder of the contracts to compare with. Default: that of the repository, if it has any.
   */
  abstract chapters(against?: string): Promise<readonly ChangelogChapter[]>
}

/** The chapters as one text of Markdown. */
export function printChapters(heading: string, chapters: readonly ChangelogChapter[]): string {
  return [`# ${heading}`, ...chapters.map(({ title, text }) => `## ${title}\n\n${text}`)].join('\n\n')
}
