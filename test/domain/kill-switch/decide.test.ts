import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KillSwitchCommand } from '../../../domain/kill-switch/commands.ts';
import { decide } from '../../../domain/kill-switch/decide.ts';
import { effects } from '../../../domain/kill-switch/effects.ts';
import { evolve } from '../../../domain/kill-switch/evolve.ts';
import type { KillSwitchScope } from '../../../domain/kill-switch/scope.ts';
import {
  type KillSwitchState,
  noKillSwitches,
  strategiesMax,
  thrownMax,
} from '../../../domain/kill-switch/state.ts';
import { stopsFor } from '../../../domain/kill-switch/stops.ts';
import { timestamp } from '../../../domain/values/time.ts';

const at = timestamp(1_763_856_000_000_000);
const firm: KillSwitchScope = { of: 'firm' };
const alfa: KillSwitchScope = { of: 'instrument', symbol: 'ALFA' };

const thrown = (scope: KillSwitchScope, allowReducing = false): KillSwitchCommand => ({
  do: 'throw',
  scope,
  allowReducing,
  reason: 'a test',
  by: 'ann',
});
const released = (
  scope: KillSwitchScope,
  version: number,
  to: 'off' | 'reduce-only' = 'off',
): KillSwitchCommand => ({
  do: 'release',
  scope,
  to,
  thrown: version,
  reason: 'over',
  by: 'ann',
  approvalId: 'a',
});

function after(state: KillSwitchState, command: KillSwitchCommand): KillSwitchState {
  return decide(command, state).reduce((before, event) => evolve(before, event, at), state);
}
const given = (...commands: readonly KillSwitchCommand[]) => commands.reduce(after, noKillSwitches);
const order = (symbol: string, side: 'buy' | 'sell' = 'buy') => ({ accountId: 'a-1', symbol, side });

describe('a kill switch', () => {
  test('stops what is in its scope and nothing else', () => {
    expect(stopsFor(given(thrown(alfa)), order('ALFA'))).toEqual({
      firm: false,
      account: false,
      instrument: true,
    });
    expect(stopsFor(given(thrown(alfa)), order('BRVO'))).toMatchObject({ instrument: false });
    expect(stopsFor(given(thrown(firm)), order('BRVO'))).toMatchObject({ firm: true });
    const account = given(thrown({ of: 'account', accountId: 'a-1' }));
    expect(stopsFor(account, order('ALFA'))).toMatchObject({ account: true });
    expect(stopsFor(account, { ...order('ALFA'), accountId: 'a-2' })).toMatchObject({ account: false });
  });

  test('of a strategy stops that strategy of that account', () => {
    const state = given(thrown({ of: 'strategy', accountId: 'a-1', strategyId: 'grid' }));
    expect(stopsFor(state, { ...order('ALFA'), strategyId: 'grid' }).strategy).toBe(true);
    expect(stopsFor(state, { ...order('ALFA'), strategyId: 'other' }).strategy).toBeUndefined();
    expect(
      stopsFor(state, { ...order('ALFA'), accountId: 'a-2', strategyId: 'grid' }).strategy,
    ).toBeUndefined();
    expect(stopsFor(state, order('ALFA'))).toEqual({ firm: false, account: false, instrument: false });
  });

  test('of a strategy leaves room for those of accounts and instruments', () => {
    const strategies = Array.from({ length: strategiesMax }, (_, n) =>
      thrown({ of: 'strategy', accountId: 'a-1', strategyId: `s${n}` }),
    );
    const state = given(...strategies);
    const more = thrown({ of: 'strategy', accountId: 'a-1', strategyId: 'one more' });
    expect(decide(more, state)).toMatchObject([{ data: { reason: 'kill_switches_full', limit: '128' } }]);
    expect(decide(thrown(firm), state)).toMatchObject([{ type: 'KillSwitchThrown' }]);
  });

  test('that allows reducing lets sales pass, and no purchase', () => {
    const state = given(thrown(firm, true));
    expect(stopsFor(state, order('ALFA', 'sell')).firm).toBe(false);
    expect(stopsFor(state, order('ALFA', 'buy')).firm).toBe(true);
  });

  test('thrown again decides nothing, unless it stops more than before', () => {
    expect(decide(thrown(firm), given(thrown(firm)))).toEqual([]);
    expect(decide(thrown(firm, true), given(thrown(firm)))).toEqual([]);
    expect(given(thrown(firm, true), thrown(firm)).thrown).toMatchObject([
      { allowReducing: false, thrown: 2 },
    ]);
  });

  test('is released as it was when that was asked for, and not when it was thrown anew since', () => {
    expect(given(thrown(firm), released(firm, 1)).thrown).toEqual([]);
    expect(given(thrown(firm), released(firm, 1, 'reduce-only')).thrown).toMatchObject([
      { allowReducing: true },
    ]);
    const anew = given(thrown(firm), released(firm, 1), thrown(firm));
    expect(decide(released(firm, 1), anew)).toMatchObject([
      { type: 'KillSwitchChangeRefused', data: { reason: 'approval_mismatch' } },
    ]);
    expect(anew.thrown).toHaveLength(1);
  });

  test('that is not thrown is not released', () => {
    expect(decide(released(firm, 1), noKillSwitches)).toMatchObject([
      { type: 'KillSwitchChangeRefused', data: { reason: 'kill_switch_not_thrown' } },
    ]);
  });

  test('is refused when more would be thrown than everybody can read once a second, and their item stays small', () => {
    const scopes = Array.from({ length: thrownMax }, (_, n): KillSwitchScope => {
      return { of: 'account', accountId: `8dab87c1-0e2e-5bd7-8ad7-${String(n).padStart(12, '0')}` };
    });
    const full = given(...scopes.map((scope) => thrown(scope)));
    expect(decide(thrown(firm), full)).toMatchObject([{ data: { reason: 'kill_switches_full' } }]);
    const [last] = scopes.slice(-1);
    const events = last ? [{ type: 'KillSwitchReleased' as const, schema: 1, data: releasedData(last) }] : [];
    const item = effects(released(firm, 1), full, events).changes[0]?.set ?? {};
    expect(String(item['thrown']).length).toBeLessThan(48_000);
  });
});

function releasedData(scope: KillSwitchScope) {
  return { scope, to: 'reduce-only' as const, thrown: thrownMax, reason: 'r', by: 'b', approvalId: 'a' };
}

const scopes = fc.constantFrom<KillSwitchScope>(firm, alfa, { of: 'account', accountId: 'a-1' });
const commands = fc.array(
  fc.oneof(
    fc.record({ scope: scopes, allow: fc.boolean() }).map(({ scope, allow }) => thrown(scope, allow)),
    fc
      .record({ scope: scopes, version: fc.integer({ min: 1, max: 6 }) })
      .map(({ scope, version }) => released(scope, version)),
  ),
  { maxLength: 20 },
);

test('the version counts the commits, and what the item says is what the stream says', () => {
  fc.assert(
    fc.property(commands, (all) => {
      let [state, commits, item] = [noKillSwitches, 0, '[]'];
      for (const command of all) {
        const events = decide(command, state);
        expect(events.length).toBeLessThanOrEqual(1);
        commits += events.length;
        const [change] = effects(command, state, events).changes;
        state = events.reduce((before, event) => evolve(before, event, at), state);
        if (change) {
          expect(change.set).toMatchObject({ version: state.version });
          item = String(change.set?.['thrown']);
        }
      }
      expect(state.version).toBe(commits);
      expect(JSON.parse(item)).toEqual(
        state.thrown.map(({ scope, allowReducing, thrown: version }) => ({
          scope,
          allowReducing,
          thrown: version,
        })),
      );
    }),
  );
});
