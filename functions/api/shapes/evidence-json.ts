import { z } from 'zod';
import type { Evidence } from '../../../platform/evidence/document.ts';
import { idOrNull, momentOrNull, momentText, opaqueId } from './values.ts';

const digest = z.string().regex(/^[\w-]{43}$/);
const commit = z.strictObject({ version: z.int().min(1), hash: digest, text: z.string() });
const stream = z.strictObject({
  stream: opaqueId,
  extent: z.enum(['whole', 'beginning', 'part']),
  commits: z.array(commit).readonly(),
});
const key = z.strictObject({
  role: opaqueId,
  person_id: opaqueId,
  issued_by: opaqueId,
  issued_at: momentText,
  revoked_at: momentOrNull,
});
const actor = z.strictObject({
  kind: opaqueId,
  id: opaqueId,
  api_key_id: idOrNull,
  proof: idOrNull,
  key: key.nullable(),
});
const order = z.strictObject({
  order_id: opaqueId,
  account_id: opaqueId,
  status: opaqueId,
  filled_lots: z.int(),
  notional: z.int(),
  traded: z.int(),
  fees: z.int(),
  held_cash: z.int(),
  held_shares: z.int(),
});
const head = z.strictObject({
  stream: opaqueId,
  commits: z.int(),
  version: z.int().min(1),
  hash: digest,
});
const manifest = z.strictObject({
  streams: z.array(head).readonly(),
  commits: z.int(),
  configs: z.array(z.string()).readonly(),
  actors: z.int(),
  members: z.record(z.string(), digest),
  digest,
});

/** The file that docs/evidence.md describes. */
export const evidenceSchema = z
  .strictObject({
    format: z.literal('ordercell-evidence'),
    format_version: z.literal(1),
    order,
    cell: opaqueId,
    exported_at: momentText,
    exported_by: z.strictObject({ person_id: opaqueId, api_key_id: opaqueId }),
    streams: z.array(stream).readonly(),
    configs: z.array(z.strictObject({ version: opaqueId, text: z.string() })).readonly(),
    config_changes: z
      .array(z.strictObject({ from: opaqueId, to: opaqueId, patch: z.array(z.unknown()).readonly() }))
      .readonly(),
    actors: z.array(actor).readonly(),
    manifest,
  } satisfies Record<keyof Evidence, z.ZodType>)
  .meta({ id: 'Evidence' });
