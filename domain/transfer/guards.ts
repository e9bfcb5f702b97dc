import { amount, cashAttributes, text } from '../account/holdings.ts';
import { type Condition, holds, type Item } from '../account/items.ts';
import { amountOf, balanceMax, formatAmount, type TransferAsset, type TransferDirection } from './asset.ts';
import type { Observed } from './commands.ts';
import type { Refusal } from './events.ts';

/** A condition of the write, with the refusal it stands for; without one it only brings the item back for another decision. */
export interface Guard {
  readonly on: 'account' | 'position';
  readonly condition: Condition;
  readonly refusal?: (item: Item) => Refusal;
}

export interface Subject {
  readonly direction: TransferDirection;
  readonly asset: TransferAsset;
  readonly epoch: number;
}

/** Whether the account may move anything now. Cash comes in during a halt too: it may be what ends one. */
export function standingGuards({ direction, asset, epoch }: Subject): readonly Guard[] {
  const statuses = direction === 'in' && asset.kind === 'cash' ? ['active', 'halted'] : ['active'];
  return [
    {
      on: 'account',
      condition: { attribute: 'status', is: 'in', value: statuses },
      refusal: (item) => ({
        reason: item['status'] === 'closed' ? 'account_closed' : 'account_halted',
        observed: text(item, 'status'),
      }),
    },
    epochGuard(epoch),
  ];
}

export function epochGuard(epoch: number): Guard {
  return {
    on: 'account',
    condition: { attribute: 'epoch', is: '=', value: epoch },
    refusal: (item) => ({
      reason: 'account_moved',
      limit: String(epoch),
      observed: String(amount(item, 'epoch')),
    }),
  };
}

/** What is owed comes first: only what is left after it can go out. */
export function coverGuards(subject: Subject, observed: Observed | undefined): readonly Guard[] {
  const { asset } = subject;
  const { on, available, shortfall } = attributesOf(asset);
  const needed = amountOf(asset) - shortfallSeen(asset, observed);
  return [
    pin(asset, observed),
    {
      on,
      condition: { attribute: available, is: '>=', value: needed },
      refusal: (item) => ({
        reason: 'transfer_insufficient',
        limit: formatAmount(asset, Math.max(0, amount(item, available) + amount(item, shortfall))),
        observed: formatAmount(asset, amountOf(asset)),
      }),
    },
  ];
}

/** Totals are exact integers: what would take one beyond what is safe to count does not come in. */
export function roomGuards({ asset }: Subject, observed: Observed | undefined): readonly Guard[] {
  const { on, available, shortfall } = attributesOf(asset);
  const more = Math.max(0, amountOf(asset) + shortfallSeen(asset, observed));
  return [
    pin(asset, observed),
    {
      on,
      condition: { attribute: available, is: '<=', value: balanceMax - more },
      refusal: (item) => ({
        reason: 'maximum_balance',
        limit: formatAmount(
          asset,
          Math.max(0, balanceMax - amount(item, available) - amount(item, shortfall)),
        ),
        observed: formatAmount(asset, amountOf(asset)),
      }),
    },
  ];
}

/** What is owed is what was last seen; anything else, and the split of what comes in would be wrong. */
export function pin(asset: TransferAsset, observed: Observed | undefined): Guard {
  const { on, shortfall } = attributesOf(asset);
  return { on, condition: { attribute: shortfall, is: '=', value: shortfallSeen(asset, observed) } };
}

/** Zero until a refused write has shown otherwise; negative when owed. */
export function shortfallSeen(asset: TransferAsset, observed: Observed | undefined): number {
  const { on, shortfall } = attributesOf(asset);
  return amount(observed?.[on] ?? 'missing', shortfall);
}

function attributesOf(asset: TransferAsset): {
  readonly on: 'account' | 'position';
  readonly available: string;
  readonly shortfall: string;
} {
  if (asset.kind === 'cash') return { on: 'account', ...cashAttributes(asset.currency) };
  return { on: 'position', available: 'available', shortfall: 'shortfall' };
}

/** The first guard that what was observed does not meet. A position that is missing is an empty one. */
export function firstBroken(guards: readonly Guard[], observed: Observed | undefined): Refusal | undefined {
  for (const { on, condition, refusal } of guards) {
    const item = observed?.[on];
    if (item === undefined || refusal === undefined) continue;
    if (item === 'missing' && on === 'account') return { reason: 'account_unknown' };
    const known = item === 'missing' ? {} : item;
    if (!holds(condition, known)) return refusal(known);
  }
  return undefined;
}

export function conditionsOn(on: Guard['on'], guards: readonly Guard[]): readonly Condition[] {
  return guards.filter((guard) => guard.on === on).map(({ condition }) => condition);
}
