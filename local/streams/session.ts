import type { DropReason } from './connection.ts';

/** What one connection is for: what it takes, and what it says when it is ended from our side. */
export interface Session {
  /** The key it was authenticated with; undefined until then. */
  readonly keyId: string | undefined;
  begin(): Promise<void>;
  take(message: unknown): Promise<void>;
  /** The client's protocol for the reason. */
  farewell(reason: DropReason): unknown;
  /** The connection is over. */
  end(): void;
}

export const farewells: Readonly<Record<DropReason, string>> = {
  slow: 'slow client: what was sent was not taken in time; connect again and resume by the last event_id',
  silent: 'pings are not answered',
  'too-many-messages': 'too many messages; at most 20 a second',
  'not-authenticated': 'not authenticated in time',
  'key-revoked': 'the key is no longer in force',
  'too-many-streams': 'too many streams are open, of this key or in all',
  failed: 'something failed on our side; connect again and resume by the last event_id',
  stopping: 'the server stops; connect again and resume by the last event_id',
};
