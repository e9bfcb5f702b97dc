import { canonical, sha256 } from './canonical.ts';
import type { EvidenceFile } from './evidence-file.ts';
import { type Finding, found, nothing } from './finding.ts';

/** The manifest names what must be there: every stream with its end, every config, the digest of each member, and of the whole. */
export function checkManifest(file: EvidenceFile): readonly Finding[] {
  const { manifest, streams } = file;
  const listed = manifest.streams.map(({ stream }) => stream);
  const there = streams.map(({ stream }) => stream);
  return [
    ...listed
      .filter((one) => !there.includes(one))
      .flatMap((one) => found(one, 'the manifest names it, and it is missing')),
    ...there
      .filter((one) => !listed.includes(one))
      .flatMap((one) => found(one, 'the manifest does not name it')),
    ...manifest.streams.flatMap((head) => checkHead(file, head)),
    ...checkCounts(file),
    ...checkMembers(file),
    ...checkDigest(file),
  ];
}

function checkHead(
  { streams }: EvidenceFile,
  head: EvidenceFile['manifest']['streams'][number],
): readonly Finding[] {
  const stream = streams.find((one) => one.stream === head.stream);
  const last = stream?.commits.at(-1);
  if (!stream || !last) return nothing;
  if (stream.commits.length !== head.commits)
    return found(
      head.stream,
      `${stream.commits.length} commits are there, the manifest counts ${head.commits}`,
    );
  if (last.version !== head.version || last.hash !== head.hash) {
    const what = `it ends with version ${last.version}, hash ${last.hash}; the manifest says version ${head.version}, hash ${head.hash}`;
    return found(head.stream, what);
  }
  return nothing;
}

function checkCounts({ manifest, streams, configs, actors }: EvidenceFile): readonly Finding[] {
  const commits = streams.reduce((sum, one) => sum + one.commits.length, 0);
  const versions = configs.map(({ version }) => version);
  return [
    ...(commits === manifest.commits
      ? nothing
      : found('manifest.commits', `${commits} are there, not ${manifest.commits}`)),
    ...(actors.length === manifest.actors
      ? nothing
      : found('manifest.actors', `${actors.length} are there, not ${manifest.actors}`)),
    ...(versions.join() === manifest.configs.join()
      ? nothing
      : found('manifest.configs', `${versions.join()} are there`)),
  ];
}

/** Which part was touched, where the digest of the whole could only say that one was. */
function checkMembers({ manifest, ...content }: EvidenceFile): readonly Finding[] {
  const members = Object.entries(content);
  const names = new Set([...members.map(([name]) => name), ...Object.keys(manifest.members)]);
  const digests = new Map(members.map(([name, member]) => [name, sha256(canonical(member))]));
  return [...names]
    .filter((name) => digests.get(name) !== manifest.members[name])
    .flatMap((name) => found(name, 'it is not what the manifest has a digest of'));
}

function checkDigest({ manifest, ...content }: EvidenceFile): readonly Finding[] {
  const { digest, ...rest } = manifest;
  const computed = sha256(canonical({ ...content, manifest: rest }));
  return computed === digest
    ? nothing
    : found('manifest.digest', `the file has digest ${computed}, not ${digest}`);
}
