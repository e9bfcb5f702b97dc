/**
 * What EventBridge's `PutEvents` takes, checked before any call. Its documentation counts an entry's fields in one place and the JSON
 * around them too in another, so room is left for that.
 */
export const busLimits = {
  /** Of one entry, its envelope included. */
  entryBytes: 256 * 1024,
  envelopeBytes: 1024,
  entriesPerRequest: 10,
  requestBytes: 1024 * 1024,
} as const;

/** As many requests as are needed, in order, each within the limits. What is alone too large has been made a reference before. */
export function requestsOf<Entry extends { readonly bytes: number }>(
  entries: readonly Entry[],
): readonly (readonly Entry[])[] {
  const requests: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const last = requests.at(-1);
    if (last && last.length < busLimits.entriesPerRequest && entry.bytes <= room) last.push(entry);
    else {
      requests.push([entry]);
      room = busLimits.requestBytes;
    }
    room -= entry.bytes;
  }
  return requests;
}
