import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Condition, ItemChange } from '../../domain/account/items.ts';
import { attribute, attributes, itemKeyOf } from './dynamodb-attributes.ts';
import { isMet } from './items.ts';
import { itemKey } from './tables.ts';

/** Every name and value by placeholder: attribute names are anybody's, and DynamoDB reserves 573 words. */
class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  readonly #placed = new Map<string, string>();

  name(attributeName: string): string {
    const known = this.#placed.get(attributeName);
    if (known !== undefined) return known;
    const placeholder = `#n${this.#placed.size}`;
    this.#placed.set(attributeName, placeholder);
    this.names[placeholder] = attributeName;
    return placeholder;
  }

  value(value: string | number): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = attribute(value);
    return placeholder;
  }
}

/** The change as one part of a transaction. One that changes nothing is a check; one that must find nothing is a put. */
export function transactionPart(table: string, change: ItemChange): TransactWriteItem {
  const placeholders = new Placeholders();
  const condition = conditionExpression(change, placeholders);
  const shared = { TableName: table, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  if (change.must === 'be-absent') {
    const item = { ...itemKeyOf(change.key), ...attributes({ ...change.set, ...change.add }) };
    return { Put: { ...shared, Item: item, ...condition, ...expressionAttributes(placeholders) } };
  }
  const update = updateExpression(change, placeholders);
  const target = { ...shared, Key: itemKeyOf(change.key), ...expressionAttributes(placeholders) };
  if (update !== undefined) return { Update: { ...target, ...condition, UpdateExpression: update } };
  return { ConditionCheck: { ...target, ConditionExpression: condition.ConditionExpression } };
}

function expressionAttributes({ names, values }: Placeholders): {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
} {
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function updateExpression(
  { add = {}, set = {} }: ItemChange,
  placeholders: Placeholders,
): string | undefined {
  const parts: string[] = [];
  for (const [name, delta] of Object.entries(add)) {
    const place = placeholders.name(name);
    parts.push(`${place} = if_not_exists(${place}, ${placeholders.value(0)}) + ${placeholders.value(delta)}`);
  }
  for (const [name, value] of Object.entries(set)) {
    parts.push(`${placeholders.name(name)} = ${placeholders.value(value)}`);
  }
  return parts.length > 0 ? `SET ${parts.join(', ')}` : undefined;
}

/** Undefined only where anything goes: no condition, and the item may or may not be there. */
function conditionExpression(
  { conditions, must }: ItemChange,
  placeholders: Placeholders,
): { readonly ConditionExpression: string | undefined } {
  const parts: string[] = [];
  if (must === 'be-absent') parts.push(`attribute_not_exists(${placeholders.name(itemKey.partition)})`);
  if (must === 'exist' || conditions.length > 0)
    parts.push(`attribute_exists(${placeholders.name(itemKey.partition)})`);
  for (const condition of conditions) parts.push(conditionTerm(condition, placeholders));
  return { ConditionExpression: parts.length > 0 ? parts.join(' AND ') : undefined };
}

function conditionTerm(condition: Condition, placeholders: Placeholders): string {
  // `IN ()` is no valid expression, and nothing can be in it: that the item is not there contradicts that it is.
  if (condition.is === 'in' && condition.value.length === 0) {
    return `attribute_not_exists(${placeholders.name(itemKey.partition)})`;
  }
  const name = placeholders.name(condition.attribute);
  const term = comparison(condition, name, placeholders);
  // Whether a missing attribute, counted as 0 or as the empty text, passes is known beforehand.
  return isMet(condition, undefined) ? `(${term} OR attribute_not_exists(${name}))` : term;
}

function comparison(condition: Condition, name: string, placeholders: Placeholders): string {
  if (condition.is !== 'in') return `${name} ${condition.is} ${placeholders.value(condition.value)}`;
  return `${name} IN (${condition.value.map((value) => placeholders.value(value)).join(', ')})`;
}
