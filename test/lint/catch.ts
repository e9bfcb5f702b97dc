import { type Alarm, alarmsOn, type Snippet, snippetsIn } from './planted.ts';

/** Which rules see which fault. An alarm of another rule on the same lines is luck, and does not count. */
export const seenBy: Readonly<Record<string, readonly string[]>> = {
  'swallowed-default': ['ordercell/no-swallowed-error'],
  'swallowed-log': ['ordercell/no-swallowed-error'],
  'empty-handler': ['ordercell/no-swallowed-error', 'eslint/no-empty'],
  'unbounded-call': ['ordercell/no-unbounded-call'],
  'unbounded-client': ['ordercell/no-unbounded-client'],
  'call-without-signal': ['ordercell/call-with-signal'],
  'void-promise': ['ordercell/no-voided-call', 'typescript/no-floating-promises'],
  'stream-without-error-handler': ['ordercell/stream-has-error-handler'],
  'async-executor': ['eslint/no-async-promise-executor', 'typescript/no-misused-promises'],
  'race-without-clear': ['ordercell/race-clears-timer'],
  'signal-ignored': ['ordercell/signal-is-used'],
  'settled-dropped': ['ordercell/settled-is-read'],
  'async-callback': ['ordercell/no-async-callback', 'typescript/no-misused-promises'],
  'unbounded-retry': ['ordercell/retry-is-bounded'],
  'unbounded-queue': ['ordercell/queue-is-bounded'],
  'exit-in-library': ['ordercell/no-exit'],
  'unguarded-parse': ['ordercell/guarded-parse'],
  'float-near-money': ['ordercell/no-float-money'],
  'hidden-clock': ['ordercell/no-hidden-clock'],
  'loose-timer': ['ordercell/no-loose-timer'],
};

export interface Catch {
  readonly planted: readonly Snippet[];
  readonly missed: readonly Snippet[];
  /** Of those that were caught, how many no rule but ours sees. */
  readonly onlyByUs: number;
}

/** How many of the planted faults are seen. */
export function caught(planted: readonly Snippet[]): Catch {
  const alarms = Map.groupBy(alarmsOn(planted), ({ snippet }) => snippet);
  const rulesOn = (snippet: Snippet) => {
    const rules = new Set((alarms.get(snippet) ?? []).map(({ rule }) => rule));
    return (seenBy[snippet.shape] ?? []).filter((rule) => rules.has(rule));
  };
  const isOurs = (rule: string) => rule.startsWith('ordercell/');
  return {
    planted,
    missed: planted.filter((snippet) => rulesOn(snippet).length === 0),
    onlyByUs: planted.filter((snippet) => rulesOn(snippet).length > 0 && rulesOn(snippet).every(isOurs))
      .length,
  };
}

/** Written before the rules, and before anybody looked at what the rules make of them. */
export const faults = () => snippetsIn('faults');
/** Kept away until the rules were done. */
export const heldBack = () => snippetsIn('held-back');
/** Written last, to get around the rules: 8 of these 20 were caught before the rules were mended. */
export const secondLook = () => snippetsIn('second-look');
/** Correct code that looks like a fault. */
export const nearMisses = () => snippetsIn('near-misses');

/** What our own rules say of correct code. */
export function falseAlarms(): readonly Alarm[] {
  return alarmsOn(nearMisses()).filter(({ rule }) => rule.startsWith('ordercell/'));
}
