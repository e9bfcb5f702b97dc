import type { Outcome } from '../../../platform/command-handler/outcome.ts';
import { demand } from '../law.ts';
import { canonical, essence } from './canonical.ts';
import type { Log } from './log.ts';
import type { Replay } from './replay.ts';

/** What somebody was told about a command. */
export interface Answer {
  readonly stream: string;
  readonly key?: { readonly commandId: string; readonly requestHash: string };
  readonly outcome: Outcome<unknown, unknown>;
}

/** What was answered must be in the log, and stay the answer. */
export class Answers {
  readonly #log: Log;
  readonly #replay: Replay;
  readonly #given = new Map<string, string>();

  constructor(log: Log, replay: Replay) {
    this.#log = log;
    this.#replay = replay;
  }

  check(answer: Answer): void {
    const { stream, outcome } = answer;
    if (outcome.outcome === 'unchanged') {
      this.#demandState(stream, outcome.version, outcome.state);
      return;
    }
    const { commit } = outcome;
    const logged = this.#log.at(stream, commit.version);
    demand(
      logged !== undefined && essence(logged) === essence(commit),
      'what was answered is in the log',
      () => `${stream}@${commit.version}: answered ${essence(commit)}, logged ${logged && essence(logged)}`,
    );
    this.#demandState(stream, commit.version, outcome.state);
    if (outcome.outcome !== 'key-reused')
      demand(
        canonical(outcome.events) === canonical(logged.events),
        'what was answered is in the log',
        () => `${stream}@${commit.version}: other events`,
      );
    this.#demandSame(answer, commit.commitId);
  }

  /** The same key and request always meet the same commit; another request under the key never does. */
  #demandSame({ stream, key, outcome }: Answer, commitId: string): void {
    if (outcome.outcome === 'unchanged' || !key) return;
    const { commit } = outcome;
    const isSame = commit.commandId === key.commandId && commit.requestHash === key.requestHash;
    demand(
      isSame === (outcome.outcome !== 'key-reused'),
      'a key stands for one request',
      () => `${stream}@${commit.version} answers ${key.commandId} with ${outcome.outcome}`,
    );
    const name = `${stream} ${key.commandId}`;
    const given = this.#given.get(name) ?? commitId;
    demand(given === commitId, 'a repeat gets the same answer', () => `${name}: ${given}, then ${commitId}`);
    this.#given.set(name, commitId);
  }

  #demandState(stream: string, version: number, state: unknown): void {
    demand(
      this.#replay.wasAt(stream, version, state),
      'what was answered is in the log',
      () => `${stream}@${version}: another state`,
    );
  }
}
