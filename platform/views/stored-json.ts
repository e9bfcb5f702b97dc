import { CorruptCommit } from '../event-store/errors.ts';
import type { Activity } from './activity.ts';
import type { OrderRow } from './order-row.ts';
import type { Position } from './position.ts';
import type { Trade } from './trade.ts';

/** What the views stored as JSON text. The version of the views, which is part of where they are stored, vouches for the rest. */
export function storedRow(text: unknown): OrderRow {
  return stored<OrderRow>(text, ['id', 'submittedAt', 'status']);
}

export function storedPosition(text: unknown): Position {
  return stored<Position>(text, ['accountId', 'symbol', 'revision', 'basis', 'recent']);
}

export function storedTrade(text: unknown): Trade {
  return stored<Trade>(text, ['orderId', 'executionId', 'place', 'quantity', 'price']);
}

export function storedActivity(text: unknown): Activity {
  return stored<Activity>(text, ['id', 'accountId', 'at', 'type']);
}

function stored<Kept>(text: unknown, members: readonly (keyof Kept)[]): Kept {
  const value = parsed(text);
  const holds = (one: unknown): one is Kept =>
    typeof one === 'object' && one !== null && members.every((member) => member in one);
  if (!holds(value)) throw new CorruptCommit(`a view holds something without ${members.join(', ')}`);
  return value;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    // Reported by the caller, who knows what it should have been.
    return undefined;
  }
}
