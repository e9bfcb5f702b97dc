import type { DropReason } from '../../functions/streams/farewells.ts';

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
