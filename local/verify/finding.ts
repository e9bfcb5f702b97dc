/** One thing that is not as it must be: exactly where, and what. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

export function found(where: string, what: string): readonly Finding[] {
  return [{ where, what }];
}

export const nothing: readonly Finding[] = [];

/** How people name a commit: `order-… version 3`. */
export function commitName(stream: string, version: number): string {
  return `${stream} version ${version}`;
}
