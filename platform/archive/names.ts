/** Under which names the archive keeps what. Auditors' queries go by them, so they never change. */
export const archivePrefixes = { commits: 'commits', roots: 'roots' } as const;

/** Objects of the archive begin so, whatever they hold: each cell's are its own. */
export function archivePrefix(kind: keyof typeof archivePrefixes, cell: string): string {
  return `${archivePrefixes[kind]}/${cell}/`;
}
