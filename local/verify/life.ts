import type { Checked } from './check.ts';
import type { EvidenceFile } from './evidence-file.ts';
import { eventText } from './event-text.ts';
import { kindOf, type LoggedCommit } from './log.ts';
import { type Placed, showMoney, showQuantity } from './units.ts';

/** The order's life as people read it: what it came to, then who did what, when, under which config and why. */
export function lifeText(checked: Checked): string {
  const { file, order, placed, unapplied } = checked;
  const sections = [
    summary(checked),
    order.map((commit) => commitText(file, commit, placed)).join('\n'),
    besides(checked),
    configText(file),
    actorsText(file),
  ];
  if (unapplied.length > 0) sections.push(`Reported and not applied yet: ${unapplied.join(', ')}`);
  return sections.filter((section) => section !== '').join('\n\n');
}

function summary({ file, placed, totals }: Checked): string {
  const { order, cell, exported_at, exported_by } = file;
  const lines = [
    `Order ${order.order_id} of account ${order.account_id}, cell ${cell}: ${order.status}`,
    `exported ${exported_at} by ${exported_by.person_id}, key ${exported_by.api_key_id}`,
  ];
  if (placed && totals) {
    const { contract } = placed;
    const filled = `${showQuantity(totals.lots, contract)} ${contract.symbol} traded for ${showMoney(totals.traded, contract)}`;
    const held = `${showMoney(totals.heldCash, contract)} and ${showQuantity(totals.heldShares, contract)} shares held`;
    lines.push(`${filled}, fees ${showMoney(totals.fees, contract)}, ${held}`);
  }
  return lines.join('\n');
}

function commitText(file: EvidenceFile, commit: LoggedCommit, placed?: Placed): string {
  const { at, version, config, events, correlationId } = commit;
  const head = `${time(at)}  version ${version}  ${whoText(file, commit)}`;
  const under = [
    ...(config === undefined ? [] : [`config ${config}`]),
    ...(correlationId === undefined ? [] : [`request ${correlationId}`]),
  ];
  const lines = events.map((event) => `    ${eventText(event, placed)}`);
  return [[head, ...under].join('  '), ...lines].join('\n');
}

function whoText({ actors }: EvidenceFile, { actor }: LoggedCommit): string {
  const { kind, id, apiKeyId, proof } = actor;
  const key = actors.find(({ api_key_id }) => api_key_id === (apiKeyId ?? null))?.key;
  const person = key && key.person_id !== id ? `, ${key.person_id}` : '';
  const shown = apiKeyId === undefined ? '' : ` by key ${apiKeyId}`;
  return `${kind} ${id}${person}${shown}${proof === undefined ? '' : ` (${proof})`}`;
}

/** The account, the configs, the kill switches and the second persons, in time; reports and their ids are told where the order applies them. */
function besides({ file, log }: Checked): string {
  const commits = [...log.streams.values()]
    .flat()
    .filter(({ stream }) => ['account', 'approval', 'config', 'killswitch'].includes(kindOf(stream)))
    .toSorted((a, b) => a.at - b.at);
  if (commits.length === 0) return '';
  const lines = commits.map((commit) => `${commit.stream}\n${commitText(file, commit)}`);
  return ['Beside the order', ...lines].join('\n');
}

function configText({ configs, config_changes }: EvidenceFile): string {
  const changes = config_changes.flatMap(({ from, to, patch }) => [
    `from ${from} to ${to}`,
    ...patch.map((operation) => `    ${JSON.stringify(operation)}`),
  ]);
  return [`Decided under config ${configs.map(({ version }) => version).join(', ')}`, ...changes].join('\n');
}

function actorsText({ actors }: EvidenceFile): string {
  const lines = actors.map(({ kind, id, api_key_id, key }) => {
    const issued = key ? `, ${key.role} ${key.person_id}, issued ${key.issued_at} by ${key.issued_by}` : '';
    return `  ${kind} ${id}${api_key_id === null ? '' : `: key ${api_key_id}${issued}`}`;
  });
  return ['Who', ...lines].join('\n');
}

/** Microseconds since 1970 as RFC 3339. */
function time(at: number): string {
  const micros = String(at % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(at / 1_000_000) * 1_000).toISOString().slice(0, 19)}.${micros}Z`;
}
