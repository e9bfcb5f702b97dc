import type { ConfigIssue } from '../../domain/config/commands.ts';
import { type WebhookRules, webhookRules } from '../webhooks/rules.ts';
import type {
  HotConfigDocument,
  InstrumentEntry,
  SurveillanceLimits,
  SurveillanceSection,
} from './schema.ts';

/**
 * Something that a document lets through and the one before did not, or an instrument it takes out: takes a second person (design,
 * section 5). `path` is where the new one says so.
 */
export type Raise = ConfigIssue;

type Rule<Part> = (path: string, before: Part, after: Part) => readonly Raise[];
/** Every member has a rule, so that whoever adds one says what raising means for it. */
type Rules<Part> = { readonly [Name in keyof Part]-?: Rule<Part> };

/** Limits are compared as they apply: an exception that is taken out raises when it was tighter than the default it gives way to. */
const sections: Rules<HotConfigDocument> = {
  dayTimeZone: nothing,
  sessions: nothing,
  clockSession: nothing,
  fees: nothing,
  rateLimits: (path, before, after) => byRules(rateLimits, path, before.rateLimits, after.rateLimits),
  surveillance: (path, before, after) =>
    effective(
      surveillanceLimits,
      path,
      standing(before.surveillance ?? unwatched, 'byAccount'),
      standing(after.surveillance ?? unwatched, 'byAccount'),
    ),
  instruments: (path, before, after) => instruments(path, before.instruments, after.instruments),
  limits: (path, before, after) => limits(path, before.limits, after.limits),
  switches: (path, before, after) => byRules(switches, path, before.switches, after.switches),
  transferApprovalAbove: (path, before, after) =>
    perKey(path, before.transferApprovalAbove, after.transferApprovalAbove, limit),
  cells: nothing,
  webhooks: (path, before, after) => byRules(webhooks, path, webhookRules(before), webhookRules(after)),
};

/** What `after` lets through that `before` did not. Empty: one person may put it in force. */
export function raisesOf(before: HotConfigDocument, after: HotConfigDocument): readonly Raise[] {
  return byRules(sections, '', before, after);
}

function byRules<Part>(rules: Rules<Part>, path: string, before: Part, after: Part): readonly Raise[] {
  return Object.entries<Rule<Part>>(rules).flatMap(([name, rule]) =>
    rule(path === '' ? name : `${path}.${name}`, before, after),
  );
}

/** Hours, calendars, grids, names and fees are no limits. */
function nothing(): readonly Raise[] {
  return [];
}

type Compare<Value> = (path: string, before: Value | undefined, after: Value | undefined) => readonly Raise[];

function raise(path: string, before: unknown, after: unknown): readonly Raise[] {
  const show = (value: unknown) => (value === undefined ? 'not configured' : JSON.stringify(value));
  return [{ path, message: `${show(before)} becomes ${show(after)}`.slice(0, 200) }];
}

/** Not configured denies everything, so that every limit is more than none. */
function rank(value: string | number | undefined): number {
  if (value === undefined) return -1;
  return value === 'unlimited' ? Number.POSITIVE_INFINITY : Number(value);
}

const limit: Compare<string | number> = (path, before, after) =>
  rank(after) > rank(before) ? raise(path, before, after) : [];

/** For what protects the more the larger it is. */
const protection: Compare<number> = (path, before = 0, after = 0) =>
  after < before ? raise(path, before, after) : [];

const released: Compare<boolean> = (path, before = false, after = false) =>
  before && !after ? raise(path, before, after) : [];

const allowed: Compare<boolean> = (path, before = false, after = false) =>
  after && !before ? raise(path, before, after) : [];

const permitted: Compare<'all' | readonly string[]> = (path, before = [], after = []) => {
  if (before === 'all') return [];
  const more = after === 'all' || after.some((symbol) => !before.includes(symbol));
  return more ? raise(path, before, after) : [];
};

/** A list of what is stopped or forbidden. */
const forbidden: Compare<readonly string[]> = (path, before = [], after = []) =>
  before.some((name) => !after.includes(name)) ? raise(path, before, after) : [];

function perKey<Value>(
  path: string,
  before: Readonly<Partial<Record<string, Value>>> = {},
  after: Readonly<Partial<Record<string, Value>>> = {},
  compare: Compare<Value>,
): readonly Raise[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => compare(`${path}.${name}`, before[name], after[name]));
}

/** What can be traded and could not; a price that may be further off or older; a currency that makes all amounts others. */
const instrument: Rules<InstrumentEntry> = {
  symbol: nothing,
  name: nothing,
  exchange: nothing,
  tickSize: nothing,
  session: nothing,
  venue: nothing,
  currency: (path, before, after) =>
    before.currency === after.currency ? [] : raise(path, before.currency, after.currency),
  // It stays as it is: `otherLots`.
  lotSize: nothing,
  tradable: (path, before, after) => allowed(path, before.tradable, after.tradable),
  halted: (path, before, after) => released(path, before.halted, after.halted),
  collarPpm: (path, before, after) => limit(path, before.collarPpm, after.collarPpm),
  passiveBandPpm: (path, before, after) => limit(path, before.passiveBandPpm, after.passiveBandPpm),
  referenceAgeMaxMs: (path, before, after) => limit(path, before.referenceAgeMaxMs, after.referenceAgeMaxMs),
};

/**
 * A new instrument is compared with itself before it could be traded. One that is taken out lets nothing more through, and takes a second
 * person all the same: a config does not know who holds it, and they lose sight of it.
 */
function instruments(
  path: string,
  before: readonly InstrumentEntry[],
  after: readonly InstrumentEntry[],
): readonly Raise[] {
  const known = new Map(before.map((entry) => [entry.symbol, entry]));
  const kept = new Set(after.map(({ symbol }) => symbol));
  const removed = before.filter(({ symbol }) => !kept.has(symbol));
  return [
    ...removed.map(({ symbol }) => ({ path, message: `${symbol} is taken out; ${stranding}` })),
    ...after.flatMap((entry, index) =>
      byRules(
        instrument,
        `${path}.${index}`,
        known.get(entry.symbol) ?? { ...entry, tradable: false },
        entry,
      ),
    ),
  ];
}

const stranding =
  'until it is back, what accounts hold of it is neither shown nor counted, and can be neither sold nor transferred';

type AccountLimits = HotConfigDocument['limits']['accounts']['default'];
type InstrumentLimits = HotConfigDocument['limits']['instruments']['default'];

const accountLimits: Rules<AccountLimits> = {
  orderQuantityMax: (path, before, after) => limit(path, before.orderQuantityMax, after.orderQuantityMax),
  orderValueMax: (path, before, after) => perKey(path, before.orderValueMax, after.orderValueMax, limit),
  dayNotionalMax: (path, before, after) => perKey(path, before.dayNotionalMax, after.dayNotionalMax, limit),
  openOrdersMax: (path, before, after) => limit(path, before.openOrdersMax, after.openOrdersMax),
  permittedSymbols: (path, before, after) => permitted(path, before.permittedSymbols, after.permittedSymbols),
  restrictedSymbols: (path, before, after) =>
    forbidden(path, before.restrictedSymbols, after.restrictedSymbols),
  selfTradePrevention: nothing,
  duplicateWindowMs: (path, before, after) =>
    protection(path, before.duplicateWindowMs, after.duplicateWindowMs),
};

const instrumentLimits: Rules<InstrumentLimits> = {
  orderQuantityMax: (path, before, after) => limit(path, before.orderQuantityMax, after.orderQuantityMax),
  orderValueMax: (path, before, after) => limit(path, before.orderValueMax, after.orderValueMax),
  positionMax: (path, before, after) => limit(path, before.positionMax, after.positionMax),
  transferApprovalAbove: (path, before, after) =>
    limit(path, before.transferApprovalAbove, after.transferApprovalAbove),
};

const unwatched: SurveillanceSection = { default: {}, byAccount: {} };

/** What is not watched is not limited. */
function watchedRank(value: string | number | undefined): number {
  return value === undefined || value === 'unlimited' ? Number.POSITIVE_INFINITY : Number(value);
}

interface Watched {
  readonly windowSeconds?: number;
  readonly hard: string | number;
}

/** Warnings stop nothing. Over another window the same number is another limit, which may be looser. */
const watched: Compare<Watched> = (path, before, after) => {
  const isLooser = watchedRank(after?.hard) > watchedRank(before?.hard);
  const isOther = before && after && before.windowSeconds !== after.windowSeconds;
  return isLooser || isOther ? raise(path, before, after) : [];
};

const surveillanceLimits: Rules<SurveillanceLimits> = {
  messageRate: (path, before, after) => watched(path, before.messageRate, after.messageRate),
  repeatedExecutions: (path, before, after) =>
    watched(path, before.repeatedExecutions, after.repeatedExecutions),
  repeatedRefusals: (path, before, after) => watched(path, before.repeatedRefusals, after.repeatedRefusals),
  exposure: (path, before, after) => perKey(path, before.exposure, after.exposure, watched),
  instrumentExposure: (path, before, after) =>
    perKey(path, before.instrumentExposure, after.instrumentExposure, watched),
  dayLoss: (path, before, after) => perKey(path, before.dayLoss, after.dayLoss, watched),
};

const switches: Rules<HotConfigDocument['switches']> = {
  firm: (path, before, after) => released(path, before.firm, after.firm),
  accounts: (path, before, after) => forbidden(path, before.accounts, after.accounts),
  instruments: (path, before, after) => forbidden(path, before.instruments, after.instruments),
};

/** Where an outsider can have us call to. How often and how long we try is nobody's risk but the receiver's. */
const webhooks: Rules<WebhookRules> = {
  perAccountMax: (path, before, after) => limit(path, before.perAccountMax, after.perAccountMax),
  allowHttp: (path, before, after) => allowed(path, before.allowHttp, after.allowHttp),
  allowedNetworks: (path, before, after) => permitted(path, before.allowedNetworks, after.allowedNetworks),
  ports: (path, before, after) => permitted(path, textsOf(before.ports), textsOf(after.ports)),
  attemptsMax: nothing,
  firstRetryMs: nothing,
  longestRetryMs: nothing,
  timeoutMs: nothing,
  suspendAfterParked: nothing,
  secretOverlapMs: nothing,
};

function textsOf(ports: WebhookRules['ports']): 'all' | readonly string[] {
  return ports === 'any' ? 'all' : ports.map(String);
}

type RateLimits = HotConfigDocument['rateLimits'];
type RateLimit = RateLimits['default'];

const rateLimits: Rules<RateLimits> = {
  default: (path, before, after) => rate(path, before.default, after.default),
  byRole: (path, before, after) => perKey(path, before.byRole, after.byRole, rate),
  byKey: (path, before, after) => perKey(path, before.byKey, after.byKey, rate),
  failedAuthentication: (path, before, after) =>
    rate(path, before.failedAuthentication, after.failedAuthentication),
};

/** Added or taken out, another one applies, which may be looser: both take a second person. */
function rate(path: string, before: RateLimit | undefined, after: RateLimit | undefined): readonly Raise[] {
  if (before === undefined || after === undefined) return before === after ? [] : raise(path, before, after);
  if (before === 'unlimited') return [];
  const isMore =
    after === 'unlimited' || after.requestsPerMinute > before.requestsPerMinute || after.burst > before.burst;
  return isMore ? raise(path, before, after) : [];
}

type Limits = HotConfigDocument['limits'];

const limitGroups: Rules<Limits> = {
  accounts: (path, before, after) =>
    effective(accountLimits, path, standing(before.accounts, 'byId'), standing(after.accounts, 'byId')),
  instruments: (path, before, after) =>
    effective(
      instrumentLimits,
      path,
      standing(before.instruments, 'bySymbol'),
      standing(after.instruments, 'bySymbol'),
    ),
};

function limits(path: string, before: Limits, after: Limits): readonly Raise[] {
  return byRules(limitGroups, path, before, after);
}

interface Standing<Part> {
  readonly standard: Part;
  readonly exceptions: Readonly<Record<string, Part>>;
  readonly named: string;
}

function standing<Part, Named extends string>(
  group: { readonly default: Part } & Readonly<Record<Named, Readonly<Record<string, Part>>>>,
  named: Named,
): Standing<Part> {
  return { standard: group.default, exceptions: group[named], named };
}

/** The default for all that are not named, and what holds for each that is named in either. */
function effective<Part>(
  rules: Rules<Part>,
  path: string,
  before: Standing<Part>,
  after: Standing<Part>,
): readonly Raise[] {
  const names = new Set([...Object.keys(before.exceptions), ...Object.keys(after.exceptions)]);
  const holding = ({ standard, exceptions }: Standing<Part>, name: string): Part => ({
    ...standard,
    ...exceptions[name],
  });
  return [
    ...byRules(rules, `${path}.default`, before.standard, after.standard),
    ...[...names].flatMap((name) =>
      byRules(rules, `${path}.${after.named}.${name}`, holding(before, name), holding(after, name)),
    ),
  ];
}
