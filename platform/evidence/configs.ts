import { configStream } from '../../domain/config/state.ts';
import { difference } from '../../domain/config/json-patch.ts';
import type { Json } from '../../domain/values/json.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { configHistory, documentsOf } from '../hot-config/config-history.ts';
import { readDecidedUnder } from '../hot-config/decided-under.ts';
import type { ConfigChangeEvidence, ConfigEvidence } from './document.ts';

/** Every config that was ever in force here, by the version that commits name, with the commits that put it in force. */
export type ConfigArchive = ReadonlyMap<
  string,
  { readonly document: Json; readonly commits: readonly number[] }
>;

export async function readArchive(
  store: Pick<EventStore, 'read'>,
  cell: string,
  deadline: Deadline,
): Promise<ConfigArchive> {
  const history = await configHistory(store, cell, deadline);
  const documents = new Map(documentsOf(history).map(({ version, document }) => [version, document]));
  const archive = new Map<string, { readonly document: Json; readonly commits: readonly number[] }>();
  for (const { commit, event } of history) {
    if (event.type !== 'ConfigChanged') continue;
    const { version } = event.data;
    const commits = [...(archive.get(version)?.commits ?? []), commit];
    archive.set(version, { document: documents.get(version) ?? null, commits });
  }
  return archive;
}

/** Who put the config in force that a commit was decided under, and why. */
export function configPointers(
  { cell, config = '' }: Commit,
  archive: ConfigArchive,
): readonly { readonly stream: string; readonly version: number }[] {
  const commits = archive.get(readDecidedUnder(config).config)?.commits ?? [];
  return commits.map((version) => ({ stream: configStream(cell), version }));
}

export interface ConfigsInEvidence {
  readonly configs: readonly ConfigEvidence[];
  readonly changes: readonly ConfigChangeEvidence[];
}

/** The configs that the commits were decided under, in the order they first appear, and from each to the next. One not on record is left out. */
export function configsOf(commits: readonly Commit[], archive: ConfigArchive): ConfigsInEvidence {
  const named = commits
    .flatMap(({ config }) => (config === undefined ? [] : [readDecidedUnder(config).config]))
    .filter((version) => archive.has(version));
  const versions = [...new Set(named)];
  const documentOf = (version: string): Json => archive.get(version)?.document ?? null;
  return {
    configs: versions.map((version) => ({ version, text: canonicalJson(documentOf(version)) })),
    changes: versions.slice(1).map((to, index) => {
      const from = versions[index] ?? to;
      return { from, to, patch: difference(documentOf(from), documentOf(to)) };
    }),
  };
}
