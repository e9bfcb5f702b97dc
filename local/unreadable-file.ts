const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
};

/** Why a file that was named on the command line cannot be read, in one sentence; undefined for any other error. */
export function unreadableFile(path: string, error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const why = words[error.code];
  return why === undefined ? undefined : `${path}: ${why}`;
}
