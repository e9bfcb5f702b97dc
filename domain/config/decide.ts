import type { Decider } from '../decider.ts';
import type { Attribution, ChangeConfig, ConfigCommand, RefuseConfig } from './commands.ts';
import type { ConfigEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { difference, type PatchOperation } from './json-patch.ts';
import { otherLots } from './lots.ts';
import { type ConfigState, noConfig } from './state.ts';

/** What is in force already decides nothing: of several processes that see a change only the first records it. */
export function decide(command: ConfigCommand, state: ConfigState): readonly ConfigEvent[] {
  return command.do === 'change' ? change(command, state) : refuse(command, state);
}

function change(command: ChangeConfig, state: ConfigState): readonly ConfigEvent[] {
  const { version, document, origin, base, approvalId } = command;
  const inForce = state.kind === 'config' ? state.version : undefined;
  if (inForce === version) return [];
  if (base !== undefined && base !== inForce) return [stale(command, inForce)];
  const issues = state.kind === 'config' ? otherLots(state.lots, document) : [];
  if (issues.length > 0) return refuse({ ...command, do: 'refuse', content: version, issues }, state);
  const patch: readonly PatchOperation[] =
    state.kind === 'config'
      ? difference(state.document, document)
      : [{ op: 'add', path: '', value: document }];
  const data = {
    version,
    ...(inForce !== undefined && { previous: inForce }),
    patch,
    origin,
    ...attributionOf(command),
    ...(approvalId !== undefined && { approvalId }),
  };
  return [{ type: 'ConfigChanged', schema: 1, data }];
}

function stale(command: ChangeConfig, inForce: string | undefined): ConfigEvent {
  const { origin, base = '' } = command;
  const issue = { path: 'base_version', message: `${base} is not in force; ${inForce ?? 'nothing'} is` };
  const data = { why: 'stale', origin, ...attributionOf(command), issues: [issue] } as const;
  return { type: 'ConfigRefused', schema: 1, data };
}

function refuse(command: RefuseConfig, state: ConfigState): readonly ConfigEvent[] {
  const { origin, content, issues } = command;
  if (content !== undefined && state.refused === content) return [];
  const data = {
    why: 'invalid',
    origin,
    ...(content !== undefined && { content }),
    ...attributionOf(command),
    issues,
  } as const;
  return [{ type: 'ConfigRefused', schema: 1, data }];
}

function attributionOf({ by, reason }: Attribution): Attribution {
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
}

export const config: Decider<ConfigCommand, ConfigState, ConfigEvent> = {
  initial: noConfig,
  decide,
  evolve,
};
