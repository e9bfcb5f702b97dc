import type { Condition, Item, ItemChange } from '../../domain/account/items.ts';
import { assert, unreachable } from '../../domain/values/assert.ts';
import { CorruptCommit } from './errors.ts';

/** Whether a change may happen to an item as it is, by the rules beside `Condition`. */
export function isAllowed(change: ItemChange, item: Item | undefined): boolean {
  const { must, conditions } = change;
  if (item === undefined) return must !== 'exist' && conditions.length === 0;
  return must !== 'be-absent' && conditions.every((condition) => isMet(condition, item[condition.attribute]));
}

/** Whether an attribute of an existing item meets the condition; undefined: the item lacks it. */
export function isMet(condition: Condition, actual: string | number | undefined): boolean {
  if (condition.is === 'in') return typeof actual !== 'number' && condition.value.includes(actual ?? '');
  if (typeof condition.value === 'string') return (actual ?? '') === condition.value;
  const number = actual ?? 0;
  return typeof number === 'number' && compares(number, condition.is, condition.value);
}

function compares(actual: number, is: '=' | '>=' | '<=' | '<', value: number): boolean {
  switch (is) {
    case '=':
      return actual === value;
    case '>=':
      return actual >= value;
    case '<=':
      return actual <= value;
    case '<':
      return actual < value;
    default:
      return unreachable(is);
  }
}

/** The item after the change. Asserts that totals stay exact. */
export function changedItem(change: ItemChange, item: Item | undefined): Item {
  const changed: Record<string, string | number> = { ...item, ...change.set };
  for (const [attribute, delta] of Object.entries(change.add ?? {})) {
    const before = item?.[attribute] ?? 0;
    assert(
      typeof before === 'number',
      `${attribute} of ${change.key.owner} is a text and cannot be added to`,
    );
    assert(
      Number.isSafeInteger(before + delta),
      `${attribute} of ${change.key.owner} is too large to be exact`,
    );
    changed[attribute] = before + delta;
  }
  return changed;
}

/** An item from its JSON text. Throws `CorruptCommit` when it is not flat. */
export function decodeItem(owner: string, json: unknown): Item {
  const item = parsed(json);
  if (!isItem(item)) throw new CorruptCommit(`an item of ${owner} is not what was written`);
  return item;
}

function parsed(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    // Reported by the caller, who knows whose item it is.
    return undefined;
  }
}

function isItem(value: unknown): value is Item {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((member) => typeof member === 'string' || typeof member === 'number');
}
