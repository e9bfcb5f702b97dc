import { forgedSignatures, othersIds, wrongDoors, wrongKeys } from './classes/identities.ts';
import {
  badEncodings,
  deepAndWide,
  duplicateMembers,
  largeBodies,
  malformedJson,
  prototypeKeys,
} from './classes/json.ts';
import { everyRoute, hostileQueries, methodsAndPaths } from './classes/targets.ts';
import {
  badIdempotencyKeys,
  numbers,
  replayedKeys,
  unknownFieldsAndValues,
  unknownSymbols,
  wrongTypes,
} from './classes/values.ts';
import {
  brokenHeads,
  conditionals,
  halfRequests,
  headerInjection,
  oversizedHeaders,
  pipelining,
  smuggling,
} from './classes/wire.ts';
import type { Gun } from './shot.ts';

/** Every class of hostility, with how often it is fired. */
export const classes: Readonly<Record<string, { readonly gun: Gun; readonly weight: number }>> = {
  'wrong types': { gun: wrongTypes, weight: 8 },
  numbers: { gun: numbers, weight: 12 },
  'unknown fields and values': { gun: unknownFieldsAndValues, weight: 6 },
  'unknown symbols': { gun: unknownSymbols, weight: 6 },
  'bad idempotency keys': { gun: badIdempotencyKeys, weight: 3 },
  'replayed keys': { gun: replayedKeys, weight: 4 },
  'malformed JSON': { gun: malformedJson, weight: 6 },
  'deep and wide': { gun: deepAndWide, weight: 2 },
  'duplicate members': { gun: duplicateMembers, weight: 3 },
  'prototype keys': { gun: prototypeKeys, weight: 4 },
  'bad encodings': { gun: badEncodings, weight: 4 },
  'large bodies': { gun: largeBodies, weight: 0.5 },
  "others' ids": { gun: othersIds, weight: 6 },
  'wrong doors': { gun: wrongDoors, weight: 8 },
  'wrong keys': { gun: wrongKeys, weight: 8 },
  'forged signatures': { gun: forgedSignatures, weight: 1 },
  'header injection': { gun: headerInjection, weight: 4 },
  'oversized headers': { gun: oversizedHeaders, weight: 2 },
  'broken heads': { gun: brokenHeads, weight: 4 },
  smuggling: { gun: smuggling, weight: 5 },
  pipelining: { gun: pipelining, weight: 2 },
  'half requests': { gun: halfRequests, weight: 3 },
  conditionals: { gun: conditionals, weight: 4 },
  'methods and paths': { gun: methodsAndPaths, weight: 8 },
  queries: { gun: hostileQueries, weight: 6 },
  'every route': { gun: everyRoute, weight: 20 },
};
