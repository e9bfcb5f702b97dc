/** One benchmark of the document: a script beside this folder, and what to know before reading what it prints. */
export interface Section {
  readonly title: string;
  /** As in package.json. */
  readonly script: string;
  readonly words: readonly string[];
  /** In CI, where there is little time and only costs may fail; absent: not there. */
  readonly small?: readonly string[];
  readonly about: string;
}

/** Longer than any of them takes on a slow machine. */
export const sectionMaxMs = 30 * 60_000;

/** `flow`: a recorded order flow for the matching benchmark, which is no part of this repository. */
export function sectionsFor(flow: string | undefined): readonly Section[] {
  return [
    {
      title: 'The store',
      script: 'bench:store',
      words: [],
      small: ['--small'],
      about: `What the DynamoDB store costs beside two other event stores, on DynamoDB Local, with one meter: \`castore\` is \`@castore/event-storage-adapter-dynamodb\` with its
default retries, \`equinox\` is \`@equinox-js/dynamo-store\` with its memory cache and the snapshot strategy. Ours carries the whole envelope (actor, keys, trace, config,
hash: about 400 bytes) in every commit, theirs carry none. It fails when a cost of ours is above \`test/bench/store/expectations.ts\`, or a command of ours is lost, doubled
or given up.`,
    },
    {
      title: 'Orders over HTTP',
      script: 'bench:orders',
      words: ['--rounds', '3', '--seconds', '4'],
      about: `The embedded cell beside a bare server that parses the JSON, inserts one row with the same group commit and durability, and does nothing else: no authentication, no checks, no money,
no lists. The load comes from a process of its own; at fixed times an order's latency runs from the moment it was due. Aims: 60 % of the bare server's throughput, p99 within 8 ms
at 2,000 orders a second.`,
    },
    {
      title: 'Garbage collection',
      script: 'bench:gc',
      words: [],
      small: ['--small'],
      about: `Pauses of the thread that takes orders, from V8's own profiler, and what it allocates for an order, with flags of Node side by side. *idle* is a process that does nothing and
measures how late it wakes: that much is the machine's. It fails when an order allocates more than \`test/bench/gc/expectations.ts\` says. Aims at 5,000 orders a second: p99 within 0.3 ms,
longest within 0.5 ms, no major collection.`,
    },
    {
      title: 'The market',
      script: 'bench:market',
      words: ['--rates', '250,500,750,1000', '--seconds', '5'],
      about: `Pairs of orders that trade, sent over HTTP at fixed times; the clock runs from when an order was due to its execution report on the account's stream. After each rate the very same
appends are made again on a fresh store, 64 at a time: the floor. A rate is steady while 95 % of it is executed in its time with a p99 below 250 ms. Aims: a third of the floor's rate,
and p99 within 25 ms at 500 orders a second.`,
    },
    {
      title: 'Matching',
      script: 'bench:matching',
      words: flow === undefined ? [] : [flow],
      about: `The matching book alone: beside two npm packages on the messages of a recorded flow that all three support, where a flow was given, and what a message costs as the book grows. Aim: three
times the better of them.`,
    },
    {
      title: 'Growth',
      script: 'bench:growth',
      words: ['--orders', '1000,10000,100000,1000000'],
      about: `One cell that fills up with orders which all rest in our own books: latency at a fixed rate, memory, disk, and how long stopping and starting it takes. At the end the lists are built again
from the log. Aim: ready within two seconds of a start with a million orders.`,
    },
    {
      title: 'Cold functions',
      script: 'bench:cold',
      words: [],
      about: `Every function as it is deployed, and how long loading it takes beside a bundle with the DynamoDB client alone, by turns, each in a process of its own. Aims: 450 KB, and 1.5 times the
client alone.`,
    },
    {
      title: 'Cost in the cloud',
      script: 'cost',
      words: [],
      about: 'USD for a million orders, from operations that a test counts. Aim: 8.00 for the core.',
    },
  ];
}
