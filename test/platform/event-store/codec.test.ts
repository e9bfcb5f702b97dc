import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actorText, parseActor } from '../../../platform/event-store/actor-text.ts';
import { canonicalJson } from '../../../platform/event-store/canonical-json.ts';
import { decodeCommit, encodeCommit, hashedText, hashOf } from '../../../platform/event-store/codec.ts';
import { CorruptCommit } from '../../../platform/event-store/errors.ts';
import { commitBytes } from '../../../platform/event-store/item-size.ts';
import type { Actor, Commit } from '../../../platform/event-store/port.ts';
import { parseTrace, traceText } from '../../../platform/event-store/trace-text.ts';
import { aCommit, eventOfBytes, fullEnvelope } from '../../support/commits.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const optional = fc.option(text, { nil: undefined });

describe('the stored form', () => {
  test('gives back what was put in', () => {
    const commit: Commit = {
      ...fullEnvelope(),
      snapshot: { fingerprint: 'order/1', state: { b: [1], a: null } },
    };
    expect(decodeCommit({ ...encodeCommit(commit) })).toEqual(commit);
  });

  test('leaves out what is absent', () => {
    const stored = encodeCommit(aCommit());
    expect(Object.keys(stored).sort()).toEqual([
      'at',
      'by',
      'cell',
      'ep',
      'events',
      'id',
      'stream',
      'version',
    ]);
    expect(decodeCommit({ ...stored, key: null, prev: undefined })).toEqual(aCommit());
  });

  test('two events of 300 bytes in a full envelope are one write unit', () => {
    const commit = { ...fullEnvelope(), events: [eventOfBytes(300), eventOfBytes(300)] } as const;
    const bytes = commitBytes(encodeCommit(commit));
    expect(bytes).toBeLessThanOrEqual(1024);
  });

  test.each([
    ['no events', { events: '[]' }],
    ['events that are no list', { events: '{"type":"A","schema":1,"data":{}}' }],
    ['an event without a schema', { events: '[{"type":"A","data":{}}]' }],
    ['an event with a list for data', { events: '[{"type":"A","schema":1,"data":[]}]' }],
    ['events cut short', { events: '[{"type":"A"' }],
    ['a version that is a text', { version: '1' }],
    ['version 0', { version: 0 }],
    ['a fractional time', { at: 1.5 }],
    ['an unknown kind of actor', { by: 'nobody:1' }],
    ['a trace of the wrong length', { tp: 'abc' }],
    ['a snapshot without a state', { fold: 'order/1' }],
    ['no commit id', { id: undefined }],
  ])('with %s is corrupt, naming stream and version', (_, change) => {
    const row = { ...encodeCommit(aCommit({ stream: 'order-7' })), ...change };
    expect(() => decodeCommit(row)).toThrow(CorruptCommit);
    expect(() => decodeCommit(row)).toThrow(/order-7 version/);
  });

  test('half a surrogate pair in the envelope is refused', () => {
    expect(() => encodeCommit(aCommit({ commandId: '\ud800' }))).toThrow('not Unicode');
  });

  test('any actor survives', () => {
    const kinds = fc.constantFrom<Actor['kind'][]>('client', 'desk', 'operator', 'venue', 'risk', 'system');
    const nasty = fc.string({ unit: fc.constantFrom(':', '%', '3', 'A', '2', '5', 'x'), maxLength: 8 });
    const part = fc.oneof(text, nasty);
    const maybe = fc.option(part, { nil: undefined });
    fc.assert(
      fc.property(kinds, part, maybe, maybe, (kind, id, apiKeyId, proof) => {
        const actor: Actor = {
          kind,
          id,
          ...(apiKeyId !== undefined && { apiKeyId }),
          ...(proof !== undefined && { proof }),
        };
        expect(parseActor(actorText(actor))).toEqual(actor);
      }),
    );
  });

  test('any traceparent survives, and a W3C one takes 34 bytes', () => {
    fc.assert(
      fc.property(text, (trace) => {
        expect(parseTrace(traceText(trace))).toBe(trace);
      }),
    );
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(traceText(trace)).toHaveLength(34);
    expect(parseTrace(traceText(trace))).toBe(trace);
  });

  test('any data and state survive', () => {
    const data = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }));
    fc.assert(
      fc.property(data, fc.jsonValue(), (value, state) => {
        const commit = aCommit({
          events: [{ type: 'A', schema: 1, data: value }],
          snapshot: { fingerprint: 'f', state },
        });
        const again = decodeCommit({ ...encodeCommit(commit) });
        expect(JSON.parse(canonicalJson(again))).toEqual(JSON.parse(canonicalJson(commit)));
      }),
    );
  });
});

describe('the hash', () => {
  test('is that of the canonical commit without its snapshot', () => {
    fc.assert(
      fc.property(
        optional,
        optional,
        fc.dictionary(fc.string(), fc.jsonValue()),
        (commandId, config, data) => {
          const commit: Commit = aCommit({
            ...(commandId !== undefined && { commandId }),
            ...(config !== undefined && { config }),
            events: [{ type: 'A', schema: 1, data }],
          });
          expect(hashedText(commit)).toBe(canonicalJson(commit));
        },
      ),
    );
    const { snapshot: _snapshot, ...content } = fullEnvelope();
    const digest = createHash('sha256').update(canonicalJson(content)).digest('base64url');
    expect(hashOf({ ...content, snapshot: { fingerprint: 'f', state: 1 } })).toBe(digest);
  });

  test('is the same before writing and after reading, whatever the order of keys', () => {
    const commit = aCommit({
      events: [{ type: 'A', schema: 1, data: { b: 1, a: { d: 2, c: 3 }, 10: 0, 9: 1 } }],
    });
    expect(hashOf(decodeCommit({ ...encodeCommit(commit) }))).toBe(hashOf(commit));
  });

  test('has not changed since the first release', () => {
    expect(hashOf(fullEnvelope())).toBe('5AWSL0vHy0tnTYMcmq6JTVD3mmfMCpt5_n2UxED205k');
  });
});

describe('canonical JSON', () => {
  test('orders keys, also those that look like numbers', () => {
    expect(canonicalJson({ b: 1, 10: 2, a: { z: [{ y: 1, x: 2 }], 9: 1 } })).toBe(
      '{"10":2,"a":{"9":1,"z":[{"x":2,"y":1}]},"b":1}',
    );
  });

  test('keeps a key named __proto__', () => {
    const value: unknown = JSON.parse('{"b":1,"a":{"__proto__":{"y":1,"x":2}}}');
    expect(canonicalJson(value)).toBe('{"a":{"__proto__":{"x":2,"y":1}},"b":1}');
  });

  test('has one text for a value, whatever order its keys came in', () => {
    const shuffled = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(shuffled);
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, shuffled(member)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('means the same as what it was made of', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([
    ['a number that is not finite', { a: Number.NaN }],
    ['undefined in a list', [undefined]],
    ['a hole in a list', Array.from<number>({ length: 2 })],
    ['a date', { b: 1, a: new Date(0) }],
    ['a map', { a: new Map() }],
    ['a bigint', { b: 1, a: 1n }],
    ['a function', [() => 1]],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test('leaves out what is undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });
});
