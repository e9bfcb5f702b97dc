import type { z } from 'zod/mini';
import type { RouteKey } from '../../manifest.ts';
import type { AnyReason } from '../door/reasons.ts';

export type SuccessStatus = 200 | 201 | 202 | 204 | 207;

/**
 * What a route takes and answers, beside its code: the schemas are those that check the request and type the answer. Refusals that
 * every route shares (who asks, how much, malformed headers and bodies) are not repeated here.
 */
export interface RouteDescription {
  readonly summary: string;
  /** An object, one member a parameter. Absent: the route takes none, and says so. */
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** Absent: where there is a body schema, there has to be a body. */
  readonly bodyMayBeLeftOut?: true;
  /** Whether the route does anything with an Idempotency-Key. */
  readonly idempotencyKey?: 'optional' | 'required';
  /** The answers go on: each event of `text/event-stream` holds one. */
  readonly streams?: true;
  readonly answers: Readonly<Partial<Record<SuccessStatus, z.ZodMiniType | 'nothing'>>>;
  readonly refusals: readonly AnyReason[];
}

export type Descriptions = Readonly<Partial<Record<RouteKey, RouteDescription>>>;
