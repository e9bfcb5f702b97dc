import type { Deadline } from '../deadline/deadline.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import type { Commit } from '../event-store/port.ts';
import { readDecidedUnder } from '../hot-config/decided-under.ts';
import type { ConfigEvidence } from './document.ts';

/** Every config that was ever in force here, by the version that commits name. Undefined: not known any more. */
export interface ConfigArchive {
  documentOf(version: string, deadline: Deadline): Promise<unknown>;
}

/** The configs that the commits were decided under, in the order they first appear. One that is not known is left out. */
export async function configsOf(
  commits: readonly Commit[],
  archive: ConfigArchive,
  deadline: Deadline,
): Promise<readonly ConfigEvidence[]> {
  const named = commits.flatMap(({ config }) =>
    config === undefined ? [] : [readDecidedUnder(config).config],
  );
  const versions = new Set(named);
  const configs: ConfigEvidence[] = [];
  for (const version of versions) {
    const document = await archive.documentOf(version, deadline);
    if (document !== undefined) configs.push({ version, text: canonicalJson(document) });
  }
  return configs;
}
