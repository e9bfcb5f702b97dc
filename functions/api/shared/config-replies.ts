import type { ConfigIssue } from '../../../domain/config/commands.ts';
import type { ConfigChange } from '../../../platform/hot-config/port.ts';
import { ok, type Reply, refused, replayed } from '../door/reply.ts';

/** What became of a proposed config. */
export function configReply(change: ConfigChange, base: string): Reply {
  switch (change.outcome) {
    case 'changed':
      return ok({ version: change.version, previous_version: change.previous });
    case 'replayed':
      return replayed(ok({ version: change.version, previous_version: change.previous }));
    case 'unchanged':
      return ok({ version: change.version, previous_version: change.version });
    case 'stale':
      return refused('config_version_stale', { limit: change.version, observed: base });
    case 'invalid':
      return invalid(change.issues);
    case 'key-reused':
      return refused('idempotency_key_reused');
    case 'elsewhere':
      return refused('config_elsewhere');
  }
}

/** The first thing that is wrong as every refusal has it, and all of them beside. */
function invalid(issues: readonly ConfigIssue[]): Reply {
  const [first] = issues;
  const reply = refused('config_invalid', {
    ...(first && { field: fieldOf(first), hint: first.message }),
  });
  return { ...reply, body: { ...asObject(reply.body), issues } };
}

function fieldOf({ path }: ConfigIssue): string {
  return path === 'document' ? path : `document.${path}`;
}

function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}
