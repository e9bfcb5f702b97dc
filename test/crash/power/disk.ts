import { Contents } from './contents.ts';
import type { Happened } from './journal.ts';

type Change =
  | { readonly change: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly change: 'size'; readonly size: number };

interface OneFile {
  /** What the disk has for certain. */
  readonly durable: Contents;
  /** What was done since its last sync, oldest first: any of it may be on the disk, in any order. */
  pending: Change[];
  /** How many changes were synced before the oldest of `pending`. */
  before: number;
}

type NameChange =
  | { readonly change: 'name'; readonly name: string; readonly file: OneFile }
  | { readonly change: 'rename'; readonly from: string; readonly to: string }
  | { readonly change: 'remove'; readonly name: string };

/** Smallest piece of a write that a disk writes whole. */
const sectorBytes = 512;

/** From 0 up to and without `below`. */
export type Chance = (below: number) => number;

/**
 * A folder on a disk that keeps only what was synced, as strictly as POSIX lets it: of the rest each sector is there or is not,
 * and a file's name is there once the folder was synced (or a journal of the file system got so far, always in order).
 */
export class Disk {
  readonly #durableNames: Map<string, OneFile>;
  readonly #names: Map<string, OneFile>;
  readonly #files = new Map<bigint, OneFile>();
  readonly #syncs = new Map<string, { readonly file: OneFile | undefined; readonly upTo: number }>();
  #pendingNames: NameChange[] = [];
  #namesBefore = 0;
  /** The last change that each process began: whether it came to be done nobody saw. */
  readonly #last = new Map<number, { readonly file: OneFile; readonly change: Change }>();

  /** `files`: what the disk has, by name and by the number the file system gave it. */
  constructor(files: readonly { readonly name: string; readonly file: bigint; readonly bytes: Buffer }[]) {
    const known = files.map(({ name, file, bytes }) => {
      const one = { durable: new Contents(bytes), pending: [], before: 0 };
      this.#files.set(file, one);
      return [name, one] as const;
    });
    this.#durableNames = new Map(known);
    this.#names = new Map(known);
  }

  get processes(): readonly number[] {
    return [...this.#last.keys()];
  }

  apply(happened: Happened): void {
    switch (happened.kind) {
      case 'created': {
        const file: OneFile = { durable: new Contents(), pending: [], before: 0 };
        this.#files.set(happened.file, file);
        this.#rename({ change: 'name', name: happened.name, file });
        break;
      }
      case 'sized':
        this.#change(happened, { change: 'size', size: happened.size });
        break;
      case 'written':
        this.#change(happened, { change: 'write', offset: happened.offset, data: happened.data });
        break;
      case 'renamed':
        this.#rename({ change: 'rename', from: happened.from, to: happened.to });
        break;
      case 'removed':
        this.#rename({ change: 'remove', name: happened.name });
        break;
      default:
        this.#sync(happened);
    }
  }

  /** The folder with everything that was done, as the running system shows it. */
  asWritten(): ReadonlyMap<string, Buffer> {
    return mapped(this.#names, ({ durable, pending }) => applied(durable, pending).bytes());
  }

  /** Where `found`, a file after its processes died, differs from what they were seen doing; undefined: nowhere. */
  unseen(name: string, found: Buffer): string | undefined {
    const file = this.#names.get(name);
    if (!file) return `${name} is there and was not seen being made`;
    const unsure = [...this.#last.values()].filter((last) => last.file === file).map(({ change }) => change);
    if (unsure.some(({ change }) => change === 'size')) return undefined;
    const expected = applied(file.durable, file.pending);
    const actual = new Contents(Buffer.from(found));
    for (const change of unsure) for (const one of [expected, actual]) make(one, change);
    if (expected.bytes().equals(actual.bytes())) return undefined;
    return `${name} has ${found.length} bytes that are not what was seen being written`;
  }

  /** What is there when the power comes back. */
  afterPowerLoss(chance: Chance): ReadonlyMap<string, Buffer> {
    const names = new Map(this.#durableNames);
    for (const change of this.#pendingNames.slice(0, chance(this.#pendingNames.length + 1)))
      renameIn(names, change);
    return mapped(names, (file) => applied(file.durable, survivors(file.pending, chance)).bytes());
  }

  #change({ file, process }: { readonly file: bigint; readonly process: number }, change: Change): void {
    const one = this.#files.get(file);
    if (!one) throw new Error(`file ${file} was changed and never opened`);
    one.pending.push(change);
    this.#last.set(process, { file: one, change });
  }

  #rename(change: NameChange): void {
    this.#pendingNames.push(change);
    renameIn(this.#names, change);
  }

  #sync({ kind, process, file, sync }: Extract<Happened, { readonly sync: number }>): void {
    const name = `${process} ${sync}`;
    const isFolder = kind.startsWith('folder');
    if (kind.endsWith('begun')) {
      const one = isFolder ? undefined : this.#files.get(file);
      const upTo = one ? one.before + one.pending.length : this.#namesBefore + this.#pendingNames.length;
      this.#syncs.set(name, { file: one, upTo });
      return;
    }
    const begun = this.#syncs.get(name);
    this.#syncs.delete(name);
    if (!begun) throw new Error('a sync was done that was never begun');
    if (begun.file) settle(begun.file, begun.upTo);
    else this.#settleNames(begun.upTo);
  }

  #settleNames(upTo: number): void {
    const count = Math.max(0, upTo - this.#namesBefore);
    for (const change of this.#pendingNames.splice(0, count)) renameIn(this.#durableNames, change);
    this.#namesBefore += count;
  }
}

function settle(file: OneFile, upTo: number): void {
  const count = Math.max(0, upTo - file.before);
  for (const change of file.pending.slice(0, count)) make(file.durable, change);
  file.pending = file.pending.slice(count);
  file.before += count;
}

function make(contents: Contents, change: Change): void {
  if (change.change === 'size') contents.resize(change.size);
  else contents.write(change.offset, change.data);
}

function applied(durable: Contents, changes: readonly Change[]): Contents {
  const contents = durable.copy();
  for (const change of changes) make(contents, change);
  return contents;
}

function renameIn(names: Map<string, OneFile>, change: NameChange): void {
  if (change.change === 'name') names.set(change.name, change.file);
  if (change.change === 'remove') names.delete(change.name);
  if (change.change !== 'rename') return;
  const file = names.get(change.from);
  if (!file) throw new Error(`${change.from} was renamed and is not there`);
  names.delete(change.from);
  names.set(change.to, file);
}

/** None of it, all of it, its beginning with the last write torn, or any of its sectors. */
function survivors(pending: readonly Change[], chance: Chance): readonly Change[] {
  const kind = chance(4);
  if (kind === 0) return [];
  if (kind === 1) return pending;
  if (kind === 2) {
    const whole = pending.slice(0, chance(pending.length + 1));
    const torn = pending[whole.length];
    return torn ? [...whole, ...sectors(torn).filter(() => chance(2) === 0)] : whole;
  }
  return pending.flatMap(sectors).filter(() => chance(2) === 0);
}

function sectors(change: Change): readonly Change[] {
  if (change.change === 'size') return [change];
  const parts: Change[] = [];
  for (let from = 0; from < change.data.length; ) {
    const offset = change.offset + from;
    const to = from + sectorBytes - (offset % sectorBytes);
    parts.push({ change: 'write', offset, data: change.data.subarray(from, to) });
    from = to;
  }
  return parts;
}

function mapped(
  names: ReadonlyMap<string, OneFile>,
  bytesOf: (file: OneFile) => Buffer,
): ReadonlyMap<string, Buffer> {
  return new Map([...names].map(([name, file]) => [name, bytesOf(file)]));
}
