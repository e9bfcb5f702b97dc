import { describe, expect, test } from 'vitest';
import type { ChangeConfig, ConfigCommand } from '../../../domain/config/commands.ts';
import { config } from '../../../domain/config/decide.ts';
import type { ConfigState } from '../../../domain/config/state.ts';
import { timestamp } from '../../../domain/values/time.ts';

const at = timestamp(1_763_856_000_000_000);
const seed: ChangeConfig = { do: 'change', version: 'v1', document: { max: 1, name: 'a' }, origin: 'seed' };
const edit: ChangeConfig = {
  do: 'change',
  version: 'v2',
  document: { max: 2, name: 'a' },
  origin: 'api',
  base: 'v1',
  by: 'ann',
  reason: 'more room',
};
const bad: ConfigCommand = {
  do: 'refuse',
  origin: 'file',
  content: 'digest',
  issues: [{ path: 'max', message: 'a number' }],
};

function given(...commands: readonly ConfigCommand[]): ConfigState {
  let state = config.initial;
  for (const command of commands) {
    for (const event of config.decide(command, state)) state = config.evolve(state, event, at);
  }
  return state;
}

describe('a config', () => {
  test('begins as a whole and goes on as differences that say who and why', () => {
    expect(config.decide(seed, given())).toMatchObject([
      { type: 'ConfigChanged', data: { version: 'v1', patch: [{ op: 'add', path: '' }], origin: 'seed' } },
    ]);
    expect(config.decide(edit, given(seed))).toEqual([
      {
        type: 'ConfigChanged',
        schema: 1,
        data: {
          version: 'v2',
          previous: 'v1',
          patch: [{ op: 'replace', path: '/max', value: 2 }],
          origin: 'api',
          by: 'ann',
          reason: 'more room',
        },
      },
    ]);
    expect(given(seed, edit)).toMatchObject({ version: 'v2', document: edit.document });
  });

  test('that is in force already changes nothing', () => {
    expect(config.decide({ ...edit, base: 'v1' }, given(seed, edit))).toEqual([]);
  });

  test('made from a version that is no longer in force is refused, and that is on record', () => {
    const late: ChangeConfig = { ...edit, version: 'v3', document: { max: 3, name: 'a' } };
    expect(config.decide(late, given(seed, edit))).toMatchObject([
      {
        type: 'ConfigRefused',
        data: { why: 'stale', by: 'ann', issues: [{ message: 'v1 is not in force; v2 is' }] },
      },
    ]);
    expect(given(seed, edit, late)).toMatchObject({ version: 'v2' });
  });

  describe('that lists a symbol with another lot', () => {
    const listing = (version: string, ...lots: readonly string[]): ChangeConfig => ({
      ...seed,
      version,
      document: { instruments: lots.map((lotSize, index) => ({ symbol: `S${index}`, lotSize })) },
    });
    const issue = { path: 'instruments.1.lotSize', message: expect.stringMatching(/^100: .* of S1 /) };

    test.each([
      ['while it is listed', [listing('v1', '1', '100')]],
      ['after it was taken out', [listing('v1', '1', '100'), listing('v2', '1')]],
    ])('is refused, and that is on record once: %s', (_when, before) => {
      const other = listing('v3', '1', '10');
      expect(config.decide(other, given(...before))).toMatchObject([
        { type: 'ConfigRefused', data: { why: 'invalid', content: 'v3', issues: [issue] } },
      ]);
      expect(config.decide(other, given(...before, other))).toEqual([]);
      expect(given(...before, other)).toMatchObject({ version: before.at(-1)?.version });
    });

    test('is in force where it is the same by another name, or another symbol', () => {
      expect(given(listing('v1', '1', '0.10'), listing('v2', '1.0', '0.1', '5'))).toMatchObject({
        version: 'v2',
        lots: { S0: '1.0', S1: '0.1', S2: '5' },
      });
    });
  });

  test('that cannot be used is on record once, until something changes', () => {
    expect(given(seed, bad)).toMatchObject({ version: 'v1', refused: 'digest' });
    expect(config.decide(bad, given(seed, bad))).toEqual([]);
    expect(config.decide(bad, given(seed, bad, edit))).toHaveLength(1);
    expect(config.decide({ ...bad, content: 'other' }, given(seed, bad))).toHaveLength(1);
  });
});
