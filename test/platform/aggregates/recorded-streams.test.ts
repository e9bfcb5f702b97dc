import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../../domain/decider.ts';
import type { BookInput } from '../../../domain/venue/book-input.ts';
import { type Timestamp, timestamp } from '../../../domain/values/time.ts';
import { account } from '../../../platform/aggregates/account.ts';
import { apiKey } from '../../../platform/aggregates/api-key.ts';
import { approval } from '../../../platform/aggregates/approval.ts';
import { upcastBook } from '../../../platform/aggregates/book.ts';
import { config } from '../../../platform/aggregates/config.ts';
import { killSwitch } from '../../../platform/aggregates/kill-switch.ts';
import { order } from '../../../platform/aggregates/order.ts';
import { orderReaders } from '../../../platform/aggregates/order-events.ts';
import { transfer } from '../../../platform/aggregates/transfer.ts';
import { venueReport } from '../../../platform/aggregates/venue-report.ts';
import { webhook } from '../../../platform/aggregates/webhook.ts';
import type { Aggregate } from '../../../platform/command-handler/aggregate.ts';
import { canonicalJson } from '../../../platform/event-store/canonical-json.ts';
import { hashOf } from '../../../platform/event-store/codec.ts';
import type { Commit, StoredEvent } from '../../../platform/event-store/port.ts';
import { referencePrice } from '../../../platform/reference-prices/aggregate.ts';
import { replay } from '../../../platform/venue/book-log.ts';
import { bookFingerprint, digestOf } from '../../../platform/venue/book-snapshots.ts';
import { aCommit } from '../../support/commits.ts';

interface Recorded extends StoredEvent {
  readonly at: number;
  /** Of the commit the event was in, where the fold goes by commits: a book. */
  readonly version?: number;
}

/** One stream a line, as it was stored once. What is stored stays for ever: lines are added, never changed. */
const lines = readFileSync(join(import.meta.dirname, '../../fixtures/streams.jsonl'), 'utf8')
  .trim()
  .split('\n');
const streams = lines.map((line): { kind: string; events: readonly Recorded[] } => JSON.parse(line));

/**
 * What each fold makes of the recorded streams. When a hash differs, a snapshot in the log is no longer what this release would
 * have folded: raise the aggregate's fingerprint, then write both here. Adding streams changes the hash alone.
 */
const folds: Readonly<Record<string, string>> = {
  'order-2': 'ReBTzr2aR8Y_ZpXfKtlgcC',
  'account-3': 'Lo6SG-dOAXi6bDYUBpOg_6',
  'transfer-1': '5_BBEcWQhCJPAQxjJNvSIa',
  'approval-1': '_t4lArTXl2OM0qNBag7Kug',
  'key-1': 'zMikBQKVTaIxDAopL-prpp',
  'venue-1': 'j9doIJ9ou5FS6v8tl79ysO',
  'config-2': 'TZH0spLiGTezSlPFDru3Th',
  'killswitch-1': 'rGCJFdB9wGtX2x6afCcOzX',
  'webhook-1': 'IiprpKKmAYNG_hNqaTGZIb',
  'instrument-1': 'kwAo_f-kqlueMVjoZ03lxJ',
  'book-2': '1MHtXasYR2JF3_qJwVsWgs',
};

/** The state after every event of every recorded stream of the kind. */
function hashOfFold<Command, State, Event extends DomainEvent>(
  aggregate: Aggregate<Command, State, Event>,
): string {
  const hash = createHash('sha256');
  for (const { events } of streams.filter(({ kind }) => kind === aggregate.kind)) {
    let state = aggregate.initial;
    for (const stored of events) {
      state = aggregate.evolve(state, aggregate.upcast(bare(stored)), timeOf(stored));
      hash.update(canonicalJson(state));
    }
  }
  return hash.digest('base64url').slice(0, 22);
}

/** The books that the recorded batches come to; throws where a batch does not come out as it was written. */
function hashOfBooks(): string {
  const hash = createHash('sha256');
  for (const { events } of streams.filter(({ kind }) => kind === 'book')) {
    const nothing = { book: undefined, last: undefined, owed: [], unsettled: [], snapshot: undefined };
    const { book } = replay('book-ALFA', { ...nothing, inputsSince: 0 }, commitsOf(events));
    hash.update(book ? digestOf(book) : 'no book');
  }
  return hash.digest('base64url').slice(0, 22);
}

function commitsOf(events: readonly Recorded[]): readonly Commit[] {
  const commits: Commit[] = [];
  for (const [version, [first, ...others]] of Map.groupBy(events, (event) => event.version ?? 0)) {
    const before = commits.at(-1);
    if (!first) continue;
    const content = { stream: 'book-ALFA', version, events: [bare(first), ...others.map(bare)] } as const;
    commits.push(aCommit({ ...content, ...(before && { previousHash: hashOf(before) }) }));
  }
  return commits;
}

function bare({ type, schema, data }: Recorded): StoredEvent {
  return { type, schema, data };
}

function timeOf({ at }: Recorded): Timestamp {
  return timestamp(at);
}

const folded = [
  [order.fingerprint, () => hashOfFold(order)],
  [account.fingerprint, () => hashOfFold(account)],
  [transfer.fingerprint, () => hashOfFold(transfer)],
  [approval.fingerprint, () => hashOfFold(approval)],
  [apiKey.fingerprint, () => hashOfFold(apiKey)],
  [venueReport.fingerprint, () => hashOfFold(venueReport)],
  [config.fingerprint, () => hashOfFold(config)],
  [killSwitch.fingerprint, () => hashOfFold(killSwitch)],
  [webhook.fingerprint, () => hashOfFold(webhook)],
  [referencePrice.fingerprint, () => hashOfFold(referencePrice)],
  [bookFingerprint, hashOfBooks],
] as const;

test.each(folded)('%s folds the recorded streams as it always has', (fingerprint, hash) => {
  expect(hash()).toBe(folds[fingerprint]);
});

const upcasts = new Map<string, (stored: StoredEvent) => DomainEvent>([
  ['order', (stored) => order.upcast(stored)],
  ['account', (stored) => account.upcast(stored)],
  ['transfer', (stored) => transfer.upcast(stored)],
  ['approval', (stored) => approval.upcast(stored)],
  ['key', (stored) => apiKey.upcast(stored)],
  ['venue', (stored) => venueReport.upcast(stored)],
  ['config', (stored) => config.upcast(stored)],
  ['killswitch', (stored) => killSwitch.upcast(stored)],
  ['webhook', (stored) => webhook.upcast(stored)],
  ['instrument', (stored) => referencePrice.upcast(stored)],
  ['book', upcastBook],
]);

function upcast(kind: string, stored: StoredEvent): DomainEvent {
  const known = upcasts.get(kind);
  if (!known) throw new Error(`no aggregate ${kind}`);
  return known(stored);
}

const everyInput: Readonly<Record<BookInput['input'], true>> = {
  new: true,
  cancel: true,
  replace: true,
  withdraw: true,
  disown: true,
  refuse: true,
  'mass-cancel': true,
  halt: true,
  resume: true,
  'begin-call': true,
  uncross: true,
  'end-day': true,
  'expire-day': true,
  'expire-date': true,
  bust: true,
  correct: true,
};

const events = streams.flatMap(({ kind, events: list }) => list.map((event) => [kind, bare(event)] as const));

describe('a stored event', () => {
  test('is recorded of every type an order can have', () => {
    const types = new Set(events.filter(([kind]) => kind === 'order').map(([, { type }]) => type));
    expect([...types].toSorted()).toEqual(Object.keys(orderReaders).toSorted());
  });

  test('is recorded with every input a book can take', () => {
    const taken = events
      .filter(([kind]) => kind === 'book')
      .map(([, stored]) => upcastBook(stored))
      .flatMap((event) => (event.type === 'BatchMatched' ? event.data.inputs : []));
    expect([...new Set(taken.map(({ input }) => input))].toSorted()).toEqual(
      Object.keys(everyInput).toSorted(),
    );
  });

  test('is read as it was written', () => {
    for (const [kind, stored] of events) {
      expect(canonicalJson(upcast(kind, stored))).toBe(canonicalJson(stored));
    }
  });

  test('with a member too many or a wrong one, of another schema or type is corrupt', () => {
    for (const [kind, stored] of events) {
      for (const broken of [
        { ...stored, data: { ...stored.data, more: 1 } },
        { ...stored, schema: 2 },
        { ...stored, type: 'toString' },
        ...Object.keys(stored.data).map((name) => ({
          ...stored,
          data: { ...stored.data, [name]: Symbol(name) },
        })),
      ]) {
        expect(() => upcast(kind, broken), JSON.stringify(broken)).toThrow(
          expect.objectContaining({ name: 'CorruptCommit' }),
        );
      }
    }
  });

  test('whose entry does not balance is corrupt', () => {
    const placed = events.find(([, { type }]) => type === 'OrderPlaced');
    const posting = { cash: { available: -100_000, held: 100_001 } };
    const broken = placed && { ...placed[1], data: { ...placed[1].data, posting } };
    expect(() => broken && order.upcast(broken)).toThrow(expect.objectContaining({ name: 'CorruptCommit' }));
  });
});
