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
  const named = [...log.streams.values()].flat();
  return named
    .filter(({ config }) => config !== undefined && !there.has(config))
    .flatMap(({ stream, version, config = '' }) =>
      found(commitName(stream, version), `it was decided under config ${config}, which is missing`),
    );
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
