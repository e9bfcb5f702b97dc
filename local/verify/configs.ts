import { canonical, sha256 } from './canonical.ts';
import { type EvidenceFile, parsedJson } from './evidence-file.ts';
import { commitName, type Finding, found, nothing } from './finding.ts';
import { patched } from './json-patch.ts';
import type { Log } from './log.ts';

/** A config's version is the beginning of its digest. */
const versionLength = 12;

/** Every config that a commit names is there, is the document of that version, and differs from the one before as is said. */
export function checkConfigs(file: EvidenceFile, log: Log): readonly Finding[] {
  return [
    ...file.configs.flatMap(checkDocument),
    ...checkNamed(file, log),
    ...file.config_changes.flatMap((change, index) => checkChange(file, change, `config_changes.${index}`)),
  ];
}

function checkDocument({ version, text }: EvidenceFile['configs'][number]): readonly Finding[] {
  const where = `config ${version}`;
  const parsed = parsedJson(text);
  if ('findings' in parsed) return found(where, 'its document is not JSON');
  if (canonical(parsed.value) !== text) return found(where, 'its document is not canonical JSON');
  const computed = sha256(text).slice(0, versionLength);
  return computed === version ? nothing : found(where, `its document has version ${computed}`);
}

function checkNamed({ configs }: EvidenceFile, log: Log): readonly Finding[] {
  const there = new Set(configs.map(({ version }) => version));
  return [...log.streams.values()].flat().flatMap((commit) => {
    if (commit.config === undefined) return nothing;
    const { config, switches } = decidedUnder(commit.config);
    const name = commitName(commit.stream, commit.version);
    return [
      ...(there.has(config)
        ? nothing
        : found(name, `it was decided under config ${config}, which is missing`)),
      ...checkSwitches(log, name, commit.cell, switches),
    ];
  });
}

/** `CONFIG+kN`: and under the first N changes of the cell's kill switches. */
function decidedUnder(text: string): { readonly config: string; readonly switches: number } {
  const [config = '', switches = '0'] = text.split('+k');
  return { config, switches: Number(switches) };
}

function checkSwitches(log: Log, name: string, cell: string, switches: number): readonly Finding[] {
  const stream = `killswitch-${cell}`;
  const isThere = switches === 0 || log.streams.get(stream)?.some(({ version }) => version === switches);
  return isThere
    ? nothing
    : found(name, `it was decided under ${commitName(stream, switches)}, which is missing`);
}

function checkChange(
  { configs }: EvidenceFile,
  { from, to, patch }: EvidenceFile['config_changes'][number],
  where: string,
): readonly Finding[] {
  const before = configs.find(({ version }) => version === from);
  const after = configs.find(({ version }) => version === to);
  if (!before || !after) return found(where, `config ${before ? to : from} is missing`);
  const document = parsedJson(before.text);
  if ('findings' in document) return nothing;
  const changed = patched(document.value, patch);
  if ('fault' in changed) return found(where, changed.fault);
  return canonical(changed.value) === after.text
    ? nothing
    : found(where, `it does not lead from ${from} to ${to}`);
}
