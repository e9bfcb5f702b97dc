/** One thing that is not as the log says it must be. */
export interface Finding {
  /** The stream, or owner and name of the item. */
  readonly where: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export function compared(
  where: string,
  what: string,
  expected: string | number,
  found: string | number,
): readonly Finding[] {
  return expected === found ? [] : [{ where, what, expected: String(expected), found: String(found) }];
}
