import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

export const manifestFile = 'backup.json';
const backupFormat = 'ordercell-backup-1';

const manifest = z.strictObject({
  format: z.literal(backupFormat),
  /** Of the data folder: which releases read it. */
  dataFolderFormat: z.string(),
  /** When it was taken. */
  takenAt: z.iso.datetime(),
  /** The last commit that is in it; `at` is when it was written, `hash` what the next of its stream would carry. */
  head: z.strictObject({
    sequence: z.number().int(),
    stream: z.string(),
    version: z.number().int(),
    hash: z.string(),
    at: z.iso.datetime(),
  }),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int(), sha256: z.string() })),
});

export type Manifest = z.infer<typeof manifest>;

export function manifestText(known: Omit<Manifest, 'format'>): string {
  return `${JSON.stringify({ format: backupFormat, ...known }, null, 2)}\n`;
}

/** What is in the folder is no backup, or not all of one. Nothing was restored. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged';
}

/** The backup in a folder, each of its files checked against its hash. Throws `BackupDamaged` naming the file. */
export async function readBackup(folder: string): Promise<Manifest> {
  const path = join(folder, manifestFile);
  if (!existsSync(path))
    throw new BackupDamaged(`${folder} has no ${manifestFile}: it is no backup, or was not finished`);
  const known = parsed(path);
  for (const { name, bytes, sha256 } of known.files) {
    const file = join(folder, name);
    if (!existsSync(file)) throw new BackupDamaged(`${file} is missing: take another backup`);
    const found = statSync(file).size;
    if (found !== bytes)
      throw new BackupDamaged(`${file} has ${found} bytes instead of ${bytes}: take another backup`);
    if ((await digestOf(file)) !== sha256)
      throw new BackupDamaged(`${file} is not what was written (its SHA-256 differs): take another backup`);
  }
  return known;
}

function parsed(path: string): Manifest {
  try {
    return manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new BackupDamaged(`${path} cannot be read: the backup is damaged, or of a later release`, {
      cause,
    });
  }
}

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
