import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { canonicalJson } from '../../../platform/event-store/canonical-json.ts';
import { checkConfig, documentBytesMax, recordedConfig } from '../../../platform/hot-config/check.ts';
import { digestOf } from '../../../platform/hot-config/content.ts';
import { configWith } from '../../support/cell.ts';

const json = z.json();

const issuesOf = (document: unknown) => {
  const result = checkConfig(document);
  return 'issues' in result ? result.issues : [];
};

const limitHint =
  '"unlimited", or a decimal of 0 or more as text, such as "2500.00", with at most 15 digits before the point and 9 after';

test.each<[string, unknown, string]>([
  ['fees.default.ratePpm', -4, 'at least 0'],
  ['fees.default.ratePpm', 2_000_000, 'at most 1000000'],
  ['fees.default.ratePpm', '4', 'a number'],
  ['switches.firm', 'no', 'true or false'],
  ['switches.accounts', {}, 'a list'],
  ['limits.accounts', undefined, 'a JSON object'],
  ['fees.default.nonsense', 1, 'there is no such member'],
  ['instruments.0.currency', 'XXX', 'one of USD, EUR, GBP, CHF, JPY'],
  ['dayTimeZone', 'Mars/Phobos', 'an IANA time zone, e.g. America/New_York'],
  ['limits.accounts.default.permittedSymbols', 5, '"all", or a list of symbols'],
  ['limits.accounts.default.openOrdersMax', 'many', '"unlimited", or a whole number'],
  ['limits.accounts.default.orderQuantityMax', 5, limitHint],
  ['limits.accounts.default.orderQuantityMax', '-1', limitHint],
  ['limits.accounts.default.orderQuantityMax', '1234567890123456', limitHint],
  ['rateLimits.default', undefined, '"unlimited", or requestsPerMinute with burst'],
])('%s that is %j: %s', (path, value, message) => {
  expect(issuesOf(configWith({ [path]: value }))).toEqual([{ path, message }]);
});

test.each<[string, unknown, string, string]>([
  ['sessions.always', { kind: 'sometimes' }, 'sessions.always.kind', 'one of continuous, hours'],
  ['webhooks', { ports: 80 }, 'webhooks.ports', '"any", or a list of 1 to 50 ports'],
  ['cells', { b: { address: 'b' } }, 'cells.b.address', 'an address that begins with https:// or http://'],
])('%s that is %j is wrong at %s: %s', (path, value, at, message) => {
  expect(issuesOf(configWith({ [path]: value }))).toEqual([{ path: at, message }]);
});

test('a document that would not fit into a commit is refused before it is looked at', () => {
  const [issue] = issuesOf({ text: 'x'.repeat(documentBytesMax) });
  expect(issue).toMatchObject({ path: 'document', message: expect.stringContaining('at most 200000 bytes') });
});

test('what is not JSON is no config', () => {
  expect(issuesOf({ when: new Date(0) })).toEqual([{ path: 'document', message: 'is not JSON' }]);
  expect(issuesOf(undefined)).toEqual([{ path: 'document', message: 'is not JSON' }]);
});

test.each<[string, unknown, string]>([
  [
    'limits.accounts.default.permittedSymbols',
    ['ALFA', 'ALPHA'],
    'limits.accounts.default.permittedSymbols.1',
  ],
  ['limits.accounts.default.restrictedSymbols', ['ALPHA'], 'limits.accounts.default.restrictedSymbols.0'],
  [
    'limits.accounts.byId',
    { b: { restrictedSymbols: ['BRVO', 'ALPHA'] } },
    'limits.accounts.byId.b.restrictedSymbols.1',
  ],
  ['limits.instruments.bySymbol', { ALPHA: {} }, 'limits.instruments.bySymbol.ALPHA'],
  ['switches.instruments', ['ALPHA'], 'switches.instruments.0'],
])('%s that is %j names a symbol that the instruments do not have', (path, value, at) => {
  const message = 'ALPHA is not among the instruments: correct it here, or list it there';
  expect(issuesOf(configWith({ [path]: value }))).toEqual([{ path: at, message }]);
});

test('a config on record from before symbols were compared stays usable', () => {
  const document = json.parse(configWith({ 'switches.instruments': ['ALPHA'] }));
  const version = digestOf(canonicalJson(document));
  const state = { kind: 'config', version, document, lots: {} } as const;
  expect(recordedConfig(state).version).toBe(version);
});
