/**
 * Raised when something happened that the rules make impossible. It ends the command, never the process:
 * whoever catches it quarantines the stream or account and raises an alarm.
 */
export class ImpossibleState extends Error {
  override readonly name = 'ImpossibleState';
}

export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new ImpossibleState(claim);
}

/** For the default branch of a switch that has handled every member of a union. */
export function unreachable(value: never): never {
  throw new ImpossibleState(`unhandled case ${JSON.stringify(value)}`);
}
