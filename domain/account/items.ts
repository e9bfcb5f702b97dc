/** A mutable running total beside the log: an account's cash, a position's shares. Flat on purpose: conditions cannot look inside. */
export type Item = Readonly<Record<string, string | number>>;

export interface ItemKey {
  /** Whose: an account id. All items of one owner can be listed. */
  readonly owner: string;
  /** Which of them: `account` or `position-<symbol>`. */
  readonly name: string;
}

/**
 * Compares one flat attribute with a value worked out beforehand. An attribute an existing item lacks counts as 0
 * or as the empty string; an item that does not exist fails every condition.
 */
export type Condition =
  | { readonly attribute: string; readonly is: '=' | '>=' | '<=' | '<'; readonly value: number }
  | { readonly attribute: string; readonly is: '='; readonly value: string }
  | { readonly attribute: string; readonly is: 'in'; readonly value: readonly string[] };

/** A conditional update of one item, in the same transaction as the commits it belongs to. */
export interface ItemChange {
  readonly key: ItemKey;
  readonly conditions: readonly Condition[];
  /** Added to the attribute, which starts at 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly set?: Readonly<Record<string, string | number>>;
  /** `be-absent`: creates the item. `exist`: fails when it is missing, also without conditions. Default: made when missing. */
  readonly must?: 'be-absent' | 'exist';
}

/** Whether an item meets a condition: what every adapter of the store must agree with. */
export function holds(condition: Condition, item: Item | 'missing'): boolean {
  if (item === 'missing') return false;
  const found = item[condition.attribute];
  switch (condition.is) {
    case 'in':
      return condition.value.includes(typeof found === 'string' ? found : '');
    case '=':
      return (found ?? (typeof condition.value === 'number' ? 0 : '')) === condition.value;
    case '>=':
      return (typeof found === 'number' ? found : 0) >= condition.value;
    case '<=':
      return (typeof found === 'number' ? found : 0) <= condition.value;
    case '<':
      return (typeof found === 'number' ? found : 0) < condition.value;
  }
}
