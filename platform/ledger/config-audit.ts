import { config } from '../aggregates/config.ts';
import type { Commit } from '../event-store/port.ts';
import { isContentOf } from '../hot-config/content.ts';
import type { Finding } from './finding.ts';
import { auditorOf } from './stream-audit.ts';

const audit = auditorOf(config);

/** Every change must lead to the content that its version names: nothing else vouches for the newest one. */
export function auditConfig(stream: string, commits: readonly Commit[]): readonly Finding[] {
  const { events, findings } = audit(stream, commits);
  const misnamed: Finding[] = [];
  let state = config.initial;
  for (const { event, commit } of events) {
    state = config.evolve(state, event, commit.at);
    if (event.type !== 'ConfigChanged' || state.kind !== 'config') continue;
    if (isContentOf(state.version, state.document)) continue;
    const what = `config of version ${commit.version}`;
    misnamed.push({ where: stream, what, expected: `the content named ${state.version}`, found: 'another' });
  }
  return [...findings, ...misnamed];
}
