import { describe, expect, test } from 'vitest';
import type { ApprovalCommand } from '../../../domain/approval/commands.ts';
import { approval } from '../../../domain/approval/decide.ts';
import type { ApprovalState } from '../../../domain/approval/state.ts';
import { timestamp } from '../../../domain/values/time.ts';

const at = timestamp(1_763_856_000_000_000);
const request: ApprovalCommand = {
  do: 'request',
  approvalId: 'approval-1',
  action: 'lift-halt',
  subject: 'account-a-1',
  request: { reason: 'looked into it' },
  requestedBy: 'ann',
};
const grant: ApprovalCommand = { do: 'grant', by: 'ben' };
const refuse: ApprovalCommand = { do: 'refuse', by: 'ben' };
const use: ApprovalCommand = { do: 'use', result: 'account-a-1@3' };

function given(...commands: readonly ApprovalCommand[]): ApprovalState {
  let state = approval.initial;
  for (const command of commands) {
    for (const event of approval.decide(command, state)) state = approval.evolve(state, event, at);
  }
  return state;
}

function refusal(reason: string, observed: string): readonly object[] {
  return [{ type: 'ApprovalChangeRefused', data: { reason, observed } }];
}

describe('an approval', () => {
  test('is granted by somebody else than who asked', () => {
    expect(approval.decide(grant, given(request))).toEqual([
      { type: 'ApprovalGranted', schema: 1, data: { by: 'ben' } },
    ]);
    expect(approval.decide({ do: 'grant', by: 'ann' }, given(request))).toMatchObject(
      refusal('second_person_required', 'ann'),
    );
  });

  test('is still not granted by who asked once somebody else has', () => {
    expect(approval.decide({ do: 'grant', by: 'ann' }, given(request, grant))).toMatchObject(
      refusal('second_person_required', 'ann'),
    );
  });

  test('is decided once', () => {
    expect(approval.decide({ do: 'grant', by: 'cem' }, given(request, grant))).toMatchObject(
      refusal('approval_closed', 'granted'),
    );
    expect(approval.decide(refuse, given(request, grant))).toMatchObject(
      refusal('approval_closed', 'granted'),
    );
    expect(approval.decide(grant, given(request, refuse))).toMatchObject(
      refusal('approval_closed', 'refused'),
    );
  });

  test('is used once, and only when granted', () => {
    expect(approval.decide(use, given(request))).toMatchObject(refusal('approval_missing', 'requested'));
    expect(approval.decide(use, given(request, refuse))).toMatchObject(refusal('approval_closed', 'refused'));
    expect(approval.decide(use, given(request, grant))).toMatchObject([{ type: 'ApprovalUsed' }]);
    expect(approval.decide({ do: 'use', result: 'other' }, given(request, grant, use))).toMatchObject(
      refusal('approval_closed', 'used'),
    );
  });

  test('whose answer was lost can be granted and used again without effect', () => {
    expect(approval.decide(grant, given(request, grant))).toEqual([]);
    expect(approval.decide(grant, given(request, grant, use))).toEqual([]);
    expect(approval.decide(use, given(request, grant, use))).toEqual([]);
    expect(approval.decide(refuse, given(request, refuse))).toEqual([]);
    expect(approval.decide(request, given(request))).toEqual([]);
  });

  test('that nobody requested decides nothing', () => {
    for (const command of [grant, refuse, use])
      expect(approval.decide(command, approval.initial)).toEqual([]);
  });
});
