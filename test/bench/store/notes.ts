import { randomBytes } from 'node:crypto';
import { eventOfBytes } from '../../support/commits.ts';

/** What an event of these measurements holds: which command it came from, and so much text that it has 300 bytes. */
export interface Note {
  readonly command: string;
  readonly note: string;
}

export interface NoteCommand {
  readonly id: string;
  readonly events: readonly [Note, ...Note[]];
  /** The first command of its stream: the writer knows that there is nothing to read. */
  readonly isFirst: boolean;
  /** From a client, with its idempotency key. What a venue reports carries none: its position says whether it is a repeat. */
  readonly fromClient: boolean;
}

export const noteType = 'OrderExecuted' as const;
const eventBytes = 300;

/** As bounded as an order's state: counts and one text of the size of an order's terms. */
export interface NoteState {
  readonly count: number;
  readonly bytes: number;
  readonly terms: string;
}

export const nothingNoted: NoteState = { count: 0, bytes: 0, terms: 'x'.repeat(180) };

export function noted(state: NoteState, { note }: Note): NoteState {
  return { ...state, count: state.count + 1, bytes: state.bytes + note.length };
}

/** Text of random letters: one of the peers compresses, and an order's ids and numbers hardly can be. */
function noteOf(command: string): Note {
  const room = String(eventOfBytes(eventBytes).data['note']).length;
  const length = room - JSON.stringify({ command }).length + '{'.length;
  return { command, note: randomBytes(length).toString('base64url').slice(0, length) };
}

/** A venue's command of one event, unless told otherwise. */
export function noteCommand(id: string, change: Partial<Omit<NoteCommand, 'id'>> = {}): NoteCommand {
  return { id, events: [noteOf(id)], isFirst: false, fromClient: false, ...change };
}

/**
 * An order of eleven commands, three of them its client's (place, replace, cancel). The fill that ends it also answers the cancel
 * that came too late: twelve events.
 */
export function elevenCommands(): readonly NoteCommand[] {
  return Array.from({ length: 11 }, (_, index) => {
    const id = `command-${index + 1}`;
    return noteCommand(id, {
      events: index === 10 ? [noteOf(id), noteOf(id)] : [noteOf(id)],
      isFirst: index === 0,
      fromClient: index === 0 || index === 4 || index === 9,
    });
  });
}

export function manyCommands(count: number): readonly NoteCommand[] {
  return Array.from({ length: count }, (_, index) =>
    noteCommand(`command-${index + 1}`, { isFirst: index === 0, fromClient: index === 0 }),
  );
}
