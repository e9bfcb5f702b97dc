import * as z from 'zod/mini';
import type { ConfigEvent } from '../../../domain/config/events.ts';
import type { Json } from '../../../domain/values/json.ts';
import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import type { ConfigDocument, ConfigHistoryEntry } from '../../../platform/hot-config/config-history.ts';
import type { ConfigStatus, VersionedConfig } from '../../../platform/hot-config/port.ts';
import { idOrNull, momentText, opaqueId } from './values.ts';

const why = z.string().check(z.minLength(1), z.maxLength(500));
const version = z.string().check(z.minLength(1), z.maxLength(64));
const json: z.ZodMiniType<Json> = z.json();
const jsonObject = z.record(z.string(), json);

/** The body of `PUT /v1/config`: a whole document, and the version it was made from. */
export const configBody = z.strictObject({ document: jsonObject, base_version: version, reason: why });

/** The body of `PATCH /v1/config`: a JSON Merge Patch (RFC 7396) says by itself what changes. */
export const configPatchBody = z.strictObject({
  changes: jsonObject,
  base_version: z.optional(version),
  reason: why,
});

/** The query of `GET /v1/config/history`. */
export const configHistoryQuery = z.strictObject({
  limit: z._default(
    z.coerce.number('1 to 200').check(z.int(), z.minimum(1, '1 to 200'), z.maximum(200, '1 to 200')),
    50,
  ),
  before: z.optional(z.coerce.number('a commit').check(z.int(), z.minimum(1, 'a commit'))),
});

const issue = z.strictObject({ path: z.string(), message: z.string() });

const errorSchema = z.strictObject({ at: momentText, message: z.string(), issues: z.array(issue) });

export const configSchema = z
  .strictObject({
    version,
    source: z.enum(['fixed', 'file', 'log', 'appconfig']),
    in_force_since: momentText,
    checked_at: momentText,
    age_ms: z.int().check(z.minimum(0)),
    error: z.nullable(errorSchema),
    document: json,
  })
  .register(z.globalRegistry, { id: 'Config' });

/** `age_ms`: since the source last said what should be in force. */
export function configJson(
  { version: name, document }: VersionedConfig,
  { source, inForceSince, checkedAt, error }: ConfigStatus,
  now: Timestamp,
): z.infer<typeof configSchema> {
  return {
    version: name,
    source,
    in_force_since: formatTimestamp(inForceSince),
    checked_at: formatTimestamp(checkedAt),
    age_ms: Math.max(0, Math.floor((now - checkedAt) / 1000)),
    error: error
      ? { at: formatTimestamp(error.at), message: error.message, issues: [...error.issues] }
      : null,
    document,
  };
}

/** What came of a change: the versions in force after and before. */
export const configChangedSchema = z.strictObject({ version, previous_version: version });

export const configDocumentSchema = z.strictObject({ version, at: momentText, document: json });

export function configDocumentJson(one: ConfigDocument): z.infer<typeof configDocumentSchema> {
  return { version: one.version, at: formatTimestamp(one.at), document: one.document };
}

export const configChangeSchema = z
  .strictObject({
    commit: z.int().check(z.minimum(1)),
    at: momentText,
    outcome: z.enum(['changed', 'invalid', 'stale']),
    origin: z.enum(['seed', 'api', 'file', 'appconfig']),
    by: idOrNull,
    reason: z.nullable(z.string()),
    actor: z.strictObject({ kind: z.string(), id: opaqueId }),
    version: z.optional(version),
    previous_version: z.nullish(version),
    approval_id: z.optional(idOrNull),
    patch: z.optional(z.array(json)),
    issues: z.optional(z.array(issue)),
  })
  .register(z.globalRegistry, { id: 'ConfigChange' });

/** One change, applied or refused. */
export function configChangeJson(entry: ConfigHistoryEntry): z.infer<typeof configChangeSchema> {
  const { commit, at, actor, event } = entry;
  const { origin, by, reason } = event.data;
  return {
    commit,
    at: formatTimestamp(at),
    origin,
    by: by ?? null,
    reason: reason ?? null,
    actor: { kind: actor.kind, id: actor.id },
    ...outcomeJson(event),
  };
}

function outcomeJson(
  event: ConfigEvent,
): Pick<
  z.infer<typeof configChangeSchema>,
  'outcome' | 'version' | 'previous_version' | 'approval_id' | 'patch' | 'issues'
> {
  if (event.type === 'ConfigRefused') return { outcome: event.data.why, issues: [...event.data.issues] };
  const { version: name, previous, approvalId, patch } = event.data;
  return {
    outcome: 'changed',
    version: name,
    previous_version: previous ?? null,
    approval_id: approvalId ?? null,
    patch: [...patch],
  };
}
