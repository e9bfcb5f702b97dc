import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../local/verify/canonical.ts';
import { verify } from '../../../local/verify/check.ts';
import type { EvidenceFile } from '../../../local/verify/evidence-file.ts';
import { canonicalJson } from '../../../platform/event-store/canonical-json.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { altered, type Change, eventfulOrder, evidenceText, forged, resealed } from './evidence-story.ts';

let cell: TestCell;
let id: string;
let file: EvidenceFile;

beforeAll(async () => {
  cell = await startTestCell();
  id = await eventfulOrder(cell);
  file = JSON.parse(await evidenceText(cell, id));
});
afterAll(() => cell.stop());

const findingsOf = (content: EvidenceFile) => verify(JSON.stringify(content)).findings;
const eventOf = (commit: Record<string, unknown>): Record<string, unknown> =>
  Object(Object(commit['events'])[0]).data;
const set =
  (name: string, value: unknown): Change =>
  (commit) => {
    Reflect.set(commit, name, value);
  };
const without = (prefix: string) =>
  resealed({ ...file, streams: file.streams.filter(({ stream }) => !stream.startsWith(prefix)) });
const order = () => `order-${id}`;

test('with nothing changed, everything fits again', () => {
  expect(findingsOf(forged(file, {}))).toEqual([]);
});

test('a commit whose hash was made to fit is told from the one that follows it', () => {
  const streams = forged(file, { [`${order()} version 2`]: set('at', 1) }).streams;
  const [own] = file.streams;
  const hashes = streams[0]?.commits.map((commit, index) => (index === 1 ? commit : own?.commits[index]));
  const findings = findingsOf(altered(file, ['streams', '0', 'commits'], hashes));
  expect(findings.map(({ where }) => where)).toContain(`${order()} version 3`);
});

test.each<readonly [string, string, string, Change, string]>([
  [
    'a fill larger than the venue said',
    'order',
    '5',
    (commit) => Object.assign(eventOf(commit), { lastQuantity: 5 }),
    'OrderExecuted says lastQuantity 5, venue-XSIM-',
  ],
  [
    'a fee of nothing',
    'order',
    '5',
    (commit) => {
      const { cash } = Object(eventOf(commit)['posting']);
      Object.assign(cash, { available: cash.available + cash.fees, fees: 0 });
    },
    '0 minor units of fees are posted, its executions come to 4',
  ],
  [
    'money from nowhere',
    'order',
    '5',
    (commit) => {
      const { cash } = Object(eventOf(commit)['posting']);
      Object.assign(cash, { available: cash.available + 1 });
    },
    'the cash entry of OrderExecuted adds up to 1, not to 0',
  ],
  [
    'a report applied twice',
    'order',
    '9',
    (commit) =>
      Object.assign(eventOf(commit), { position: { stream: `venue-XSIM-ORDER`, version: 4, index: 0 } }),
    'out of turn',
  ],
  [
    'another config',
    'order',
    '1',
    set('config', 'aaaaaaaaaaaa'),
    'decided under config aaaaaaaaaaaa, which is missing',
  ],
  [
    'another actor',
    'order',
    '2',
    set('actor', { kind: 'client', id: 'mallory' }),
    'its actor client mallory is not listed',
  ],
  ['an earlier time', 'order', '3', set('at', 1), 'its time is before that of the commit before it'],
  [
    'another beginning',
    'order',
    '1',
    (commit) => Object.assign(Object(Object(commit['events'])[0]), { type: 'OrderAccepted' }),
    'begins with OrderPlaced or OrderDenied or OrderAliased',
  ],
])('%s does not fit, however well everything else was made to', (...[, kind, version, change, said]) => {
  const prepared: Change = (commit) => {
    change(commit);
    const position = Object(eventOf(commit)['position']);
    if (position.stream === 'venue-XSIM-ORDER') position.stream = `venue-XSIM-${id}`;
  };
  const findings = findingsOf(forged(file, { [`${kind}-${id} version ${version}`]: prepared }));
  expect(findings.map(({ where, what }) => `${where}: ${what}`).join('\n')).toContain(said);
  expect(findings.map(({ where }) => where)).toContain(`${kind}-${id} version ${version}`);
});

test.each([
  ['the reports of a venue', 'venue-XSIM', 'which is missing'],
  ['what an execution id stands for', 'execution-', 'the stream of its execution id'],
  ['the second person', 'approval-', 'it takes a second person, and the approval'],
  ['the account', 'account-', 'the account of the order is missing'],
])('%s cannot be left out, manifest and all', (_what, prefix, said) => {
  expect(
    findingsOf(without(prefix))
      .map(({ what }) => what)
      .join('\n'),
  ).toContain(said);
});

test('a person who grants their own request is named', () => {
  const stream = file.streams.find((one) => one.stream.startsWith('approval-'))?.stream ?? '';
  const change: Change = (commit) => Object.assign(eventOf(commit), { by: 'administrator' });
  expect(findingsOf(forged(file, { [`${stream} version 2`]: change }))).toContainEqual({
    where: stream,
    what: 'administrator granted their own request',
  });
});

test('a config with another content has another version', () => {
  const [config] = file.configs;
  const document = { ...JSON.parse(config?.text ?? '{}'), fees: 'none' };
  const configs = [{ version: config?.version ?? '', text: canonicalJson(document) }];
  const version = sha256(canonicalJson(document)).slice(0, 12);
  expect(findingsOf(resealed({ ...file, configs }))).toEqual([
    { where: `config ${config?.version}`, what: `its document has version ${version}` },
  ]);
});

test('a change of config leads from the one document to the other', () => {
  const [config] = file.configs;
  if (!config) throw new TypeError('the file has no config');
  const document = JSON.parse(config.text);
  const changed = canonicalJson({ ...document, cell: 'other' });
  const version = sha256(changed).slice(0, 12);
  const configs = [config, { version, text: changed }];
  const change = (patch: readonly unknown[]) =>
    findingsOf(
      resealed({
        ...file,
        configs,
        config_changes: [{ from: config.version, to: version, patch: [...patch] }],
      }),
    );
  expect(change([{ op: 'add', path: '/cell', value: 'other' }])).toEqual([]);
  expect(change([{ op: 'add', path: '/cell', value: 'third' }])).toEqual([
    { where: 'config_changes.0', what: `it does not lead from ${config.version} to ${version}` },
  ]);
  expect(change([{ op: 'remove', path: '/nothing' }])).toEqual([
    { where: 'config_changes.0', what: 'operation 0: there is no /nothing' },
  ]);
});

test('totals that the log does not come to are named', () => {
  for (const name of ['filled_lots', 'notional', 'traded', 'fees', 'held_cash', 'held_shares'] as const) {
    const claimed = { ...file.order, [name]: file.order[name] + 1 };
    const places = findingsOf(resealed({ ...file, order: claimed })).map(({ where }) => where);
    expect(places).toContain(`order.${name}`);
  }
});
