/** What one function did, or what was done for it, in a counted run. */
export interface Counted {
  readonly calls: number;
  /** Records of the change feed, or messages of a queue; of the bus, its entries. */
  readonly messages: number;
  /** To DynamoDB. */
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

export type Counts = Readonly<Record<string, Counted>>;

type Five = readonly [calls: number, messages: number, requests: number, writes: number, reads: number];

const counted = (...[calls, messages, requests, writeUnits, readUnits]: Five): Counted => ({
  calls,
  messages,
  requests,
  writeUnits,
  readUnits,
});

/**
 * What 40 orders took when they were last counted: 20 pairs of GTC limit orders for one lot, each filled whole by our own venue, in full
 * batches, on DynamoDB Local through the functions as Lambda calls them. A test counts again and fails when it is more.
 */
export const record: {
  readonly orders: number;
  readonly placed: Counts;
  readonly afterwards: Counts;
  readonly reconciled: Counts;
} = {
  orders: 40,
  placed: {
    'place-order': counted(40, 0, 44, 240, 2),
    relay: counted(1, 40, 0, 0, 0),
    archive: counted(1, 40, 0, 0, 0),
    bus: counted(0, 40, 0, 0, 0),
    views: counted(4, 40, 216, 720, 120),
    venue: counted(4, 40, 89, 276, 41),
    'linked-orders': counted(4, 40, 40, 0, 40),
    'push-updates': counted(1, 40, 2, 0, 0),
  },
  afterwards: {
    relay: counted(1, 48, 0, 0, 0),
    archive: counted(1, 48, 0, 0, 0),
    bus: counted(0, 48, 0, 0, 0),
    views: counted(4, 40, 320, 1568, 240),
    venue: counted(4, 40, 0, 0, 0),
    'linked-orders': counted(4, 40, 40, 0, 0),
    'stop-watch': counted(1, 4, 4, 0, 0),
    'push-updates': counted(1, 80, 2, 0, 0),
  },
  reconciled: {
    reconcile: counted(1, 0, 40, 0, 65),
  },
};
