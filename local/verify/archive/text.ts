import type { ArchiveCheck, CellArchive } from './check.ts';

/** What was found, as people read it. */
export function archiveText({ cells }: Pick<ArchiveCheck, 'cells'>): string {
  return cells.map(cellText).join('\n\n');
}

function cellText(cell: CellArchive): string {
  const { commits, streams, objects, oldest, newest } = cell;
  const days = commits > 0 ? `, ${dayOf(oldest)} to ${dayOf(newest)}` : '';
  return [
    `${cell.cell}: ${commits} commits of ${streams} streams in ${objects} objects${days}`,
    rootText(cell),
    ...(cell.newestRoot && cell.newerThanRoots > 0
      ? [
          `${cell.newerThanRoots} commits are newer than that: where the last of a stream is missing among them, it does not show`,
        ]
      : []),
  ].join('\n  ');
}

function rootText({ roots, newestRoot }: CellArchive): string {
  if (!newestRoot) return 'no root: a stream that is missing, or cut off at its end, does not show';
  const { number, hash, at } = newestRoot;
  return `${roots} roots, the newest of ${new Date(at / 1_000).toISOString()}; to be held against what is kept elsewhere: --root ${number}:${hash}`;
}

function dayOf(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 10);
}
