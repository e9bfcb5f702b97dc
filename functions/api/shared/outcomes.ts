import type { Refusal } from '../../../domain/order/events.ts';
import type { AnyReason } from '../door/reasons.ts';
import { type Reply, refused } from '../door/reply.ts';

/** A refusal of the rules of trading, as the door shows it. */
export function refusedBy({ reason, limit, observed }: Refusal): Reply {
  const shown = aboutFields.has(reason) ? fieldNames : sameText;
  return refused(reason, {
    ...(limit !== undefined && { limit: shown(limit) }),
    ...(observed !== undefined && { observed: shown(observed) }),
  });
}

/** Refusals that name terms of an order: in the words of the rules, which are not those of the API. */
const aboutFields: ReadonlySet<AnyReason> = new Set<AnyReason>([
  'terms_inconsistent',
  'field_not_replaceable',
]);

function fieldNames(text: string): string {
  return text
    .replace(/\blimitPrice\b/, 'limit_price')
    .replace(/\bstopPrice\b/, 'stop_price')
    .replace(/\bpostOnly\b/, 'post_only')
    .replace(/\bminimumQuantity\b/, 'min_qty')
    .replace(/\bdisplayQuantity\b/, 'display_qty')
    .replace(/ a trail$|(?<=has no) trail$/, ' trail_price or trail_percent')
    .replace(/^one trail, .*$/, 'one of trail_price and trail_percent')
    .replaceAll('an expiry', 'expires_at');
}

function sameText(text: string): string {
  return text;
}
