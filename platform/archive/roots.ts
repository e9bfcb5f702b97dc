import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod/mini';
import { canonicalJson } from '../event-store/canonical-json.ts';
import type { ArchiveObject } from './commit-objects.ts';
import { archivePrefix } from './names.ts';

/** A stream's newest commit as the log had it. No hash: the log had no such commit, or none that could be read. */
const head = z.strictObject({
  stream: z.string(),
  version: z.int().check(z.minimum(1)),
  hash: z.nullable(z.string()),
});

const root = z.strictObject({
  format: z.literal('ordercell-root'),
  format_version: z.literal(1),
  cell: z.string(),
  /** 1, 2, 3 ... without gaps. */
  number: z.int().check(z.minimum(1)),
  /** Microseconds, by the cell's clock. */
  at: z.int().check(z.minimum(0)),
  /** SHA-256 of the root before, in base64url; null of the first. */
  previous: z.nullable(z.string()),
  /** Where in the log the next one goes on. */
  place: z.string(),
  /** The streams that were written since the root before, with their heads, by name. The others are as earlier roots say. */
  heads: z.array(head),
});

export type Root = z.infer<typeof root>;
export type RootHead = z.infer<typeof head>;

/** A root as it is kept, and what the next one names it by. */
export interface WrittenRoot {
  readonly root: Root;
  readonly hash: string;
}

/** What is kept under a root's name is no root. */
export class RootUnreadable extends Error {
  override readonly name = 'RootUnreadable';
}

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

export function rootName(cell: string, number: number): string {
  return `${archivePrefix('roots', cell)}${String(number).padStart(10, '0')}.json.gz`;
}

/** Its canonical JSON, of which its hash is. */
export async function encodeRoot(content: Root): Promise<ArchiveObject & { readonly hash: string }> {
  const text = canonicalJson(content);
  const name = rootName(content.cell, content.number);
  return { name, bytes: await compress(text), hash: hashOfText(text) };
}

/** Throws `RootUnreadable`. */
export async function decodeRoot(name: string, bytes: Uint8Array): Promise<WrittenRoot> {
  try {
    const text = (await decompress(bytes)).toString('utf8');
    return { root: root.parse(JSON.parse(text)), hash: hashOfText(text) };
  } catch (cause) {
    throw new RootUnreadable(`${name} is no root`, { cause });
  }
}

function hashOfText(text: string): string {
  return hash('sha256', text, 'base64url');
}
