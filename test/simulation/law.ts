/** Something happened that must never happen. `law` names what was broken, the message says how. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
  readonly law: string;
  constructor(law: string, detail: string, cause?: unknown) {
    super(`${law}: ${detail}`, { cause });
    this.law = law;
  }
}

export function demand(condition: boolean, law: string, detail: () => string): asserts condition {
  if (!condition) throw new LawBroken(law, detail());
}
