/** Why a client's stream was ended from our side. */
export type DropReason =
  | 'slow'
  | 'silent'
  | 'too-many-messages'
  | 'not-authenticated'
  | 'key-revoked'
  | 'too-many-streams'
  | 'failed'
  | 'stopping';

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
