import { type Reason, reasons as tradingReasons } from '../../../domain/risk/reasons.ts';

/** Reasons the door itself gives, before or beside the rules of trading. Closed, like those: never renamed or reused. */
export interface ApiReasonEntry {
  readonly httpStatus: number;
  /** What clients of the Alpaca API know as `code`. */
  readonly alpacaCode: number;
  readonly sentence: string;
}

const entry = (httpStatus: number, alpacaCode: number, sentence: string): ApiReasonEntry => ({
  httpStatus,
  alpacaCode,
  sentence,
});

export const apiReasons = {
  body_malformed: entry(400, 40010000, 'The body is not JSON.'),
  headers_malformed: entry(400, 40010000, 'A header has a value that cannot be used.'),
  idempotency_key_missing: entry(
    400,
    40010000,
    'The request moves money and needs an Idempotency-Key header.',
  ),
  not_authenticated: entry(401, 40110000, 'The request is not authorized: no such key, or not its secret.'),
  not_permitted: entry(403, 40310000, 'The key may not do this.'),
  account_elsewhere: entry(421, 42110000, 'The account is at home in another cell.'),
  not_found: entry(404, 40410000, 'There is nothing here.'),
  order_not_found: entry(404, 40410000, 'No such order.'),
  position_not_found: entry(404, 40410000, 'The account has no position in this asset.'),
  asset_not_found: entry(404, 40410000, 'No such asset.'),
  account_not_found: entry(404, 40410000, 'No such account.'),
  consumer_not_found: entry(404, 40410000, 'There is no such consumer; GET /v1/parked lists them.'),
  key_not_found: entry(404, 40410000, 'No such key.'),
  last_administrator_key: entry(
    409,
    40910000,
    'No other key of an administrator is in force; issue another administrator key first.',
  ),
  webhook_not_found: entry(404, 40410000, 'The account has no such webhook.'),
  delivery_not_found: entry(
    404,
    40410000,
    'Nothing with this number was delivered to the webhook, or given up.',
  ),
  method_not_allowed: entry(405, 40510000, 'The path exists, but not with this method.'),
  body_too_large: entry(413, 41310000, 'The body is larger than 1 MB.'),
  client_order_id_reused: entry(
    422,
    40010001,
    // The very words clients look for.
    'client_order_id must be unique',
  ),
  idempotency_key_reused: entry(422, 40010001, 'The Idempotency-Key stands for another request already.'),
  config_invalid: entry(422, 42210000, 'The config cannot be used; the one in force stays.'),
  config_version_stale: entry(
    409,
    40910000,
    'Another config came into force since; look at it and ask again.',
  ),
  config_version_unknown: entry(404, 40410000, 'No config of this version was ever in force.'),
  config_elsewhere: entry(409, 40910000, 'The config of this cell is changed where it comes from, not here.'),
  field_missing: entry(422, 40010001, 'A field that is needed is missing.'),
  field_invalid: entry(422, 40010001, 'A field has a value that cannot be used.'),
  field_unknown: entry(422, 40010001, 'There is no such field.'),
  field_unsupported: entry(422, 40010001, 'The field asks for something this system does not do.'),
  history_too_large: entry(
    422,
    42210000,
    'The account has too many orders and transfers to go through them all.',
  ),
  evidence_too_large: entry(
    422,
    42210000,
    'The evidence of the order is larger than one answer; its streams are in the log.',
  ),
  rate_limited: entry(429, 42910000, 'More requests than the key, or the address, may send; wait.'),
  too_many_streams: entry(
    429,
    42910000,
    'More streams than a key, or the process, may have open; close one.',
  ),
  too_many_requests: entry(503, 50310000, 'More requests are in work than the process takes on; try again.'),
  temporarily_unavailable: entry(503, 50310000, 'The request could not be completed in time; try again.'),
  storage_full: entry(
    503,
    50310000,
    'The cell has no room to write; nothing was done. It goes on by itself when there is room.',
  ),
  internal_error: entry(500, 50010000, 'Something went wrong here; the correlation id finds it in the log.'),
} as const satisfies Readonly<Record<string, ApiReasonEntry>>;

export type ApiReason = keyof typeof apiReasons;
export type AnyReason = ApiReason | Reason;

/** Alpaca's clients tell refusals apart by these codes; `reason` says more. */
const codes: Readonly<Record<number, number>> = {
  403: 40310000,
  404: 40410000,
  409: 40910000,
  422: 42210000,
};

export function entryOf(reason: AnyReason): ApiReasonEntry {
  if (isApiReason(reason)) return apiReasons[reason];
  const { httpStatus, sentence } = tradingReasons[reason];
  return { httpStatus, sentence, alpacaCode: codes[httpStatus] ?? httpStatus * 100_000 };
}

function isApiReason(reason: AnyReason): reason is ApiReason {
  return Object.hasOwn(apiReasons, reason);
}

/** Reasons no request can be answered with today, and why they exist all the same. */
export const notThroughTheApi: Readonly<Partial<Record<AnyReason, string>>> = {
  account_unknown:
    'Keys are only issued for accounts that exist; the rule stands for a key that outlives its account.',
  account_moved: 'Accounts do not move between cells yet; the rule is asked with every order.',
  config_elsewhere:
    'An embedded cell is the source of its own config; the reason stands for cells that follow AppConfig.',
  approval_missing: 'Granting and carrying out are one call; the rule stands for whoever takes them apart.',
};
