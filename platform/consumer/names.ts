/**
 * What those are called that do something about commits: of their cursors, of what they parked, and of the actor in what they commit.
 * Apart from themselves, so that they can be named without being loaded. Those that keep lists have theirs beside their versions.
 */
export const venueConsumerName = 'venue';
export const reportConsumerName = 'venue-reports';
export const exitConsumerName = 'linked-orders';
export const stopWatchName = 'stop-watch';
export const relayName = 'relay';
export const webhooksName = 'webhooks';
