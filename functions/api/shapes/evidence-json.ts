import * as z from 'zod/mini';
import { type Evidence, evidenceFormat, evidenceVersion } from '../../../platform/evidence/document.ts';
import { momentText, opaqueId } from './values.ts';

const part = z.record(z.string(), z.unknown());

/** The outline of an evidence file; what is inside it, `npm run verify` checks. */
export const evidenceSchema = z
  .strictObject({
    format: z.literal(evidenceFormat),
    format_version: z.literal(evidenceVersion),
    order: part,
    cell: z.string(),
    exported_at: momentText,
    exported_by: z.strictObject({ person_id: opaqueId, api_key_id: opaqueId }),
    streams: z.array(part),
    configs: z.array(part),
    config_changes: z.array(part),
    actors: z.array(part),
    manifest: part,
  } satisfies Record<keyof Evidence, z.ZodMiniType>)
  .register(z.globalRegistry, { id: 'Evidence' });
