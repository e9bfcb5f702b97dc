import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** Another revision of this repository, checked out beside it with this one's packages. */
export interface CheckedOut {
  readonly name: string;
  readonly root: string;
  remove(): void;
}

/** Throws what git says of a revision that there is not. */
export function checkOut(revision: string): CheckedOut {
  const commit = git('rev-parse', '--verify', '--short', `${revision}^{commit}`).trim();
  const folder = mkdtempSync(join(tmpdir(), `ordercell-${commit}-`));
  const remove = () => {
    git('worktree', 'remove', '--force', folder);
    rmSync(folder, { recursive: true, force: true });
  };
  git('worktree', 'add', '--detach', '--force', folder, commit);
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return { name: commit, root: folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
