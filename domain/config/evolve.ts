import type { ConfigEvent } from './events.ts';
import { applied } from './json-patch.ts';
import type { ConfigState } from './state.ts';

export function evolve(state: ConfigState, { type, data }: ConfigEvent): ConfigState {
  if (type === 'ConfigRefused')
    return data.content === undefined ? state : { ...state, refused: data.content };
  const before = state.kind === 'config' ? state.document : null;
  return { kind: 'config', version: data.version, document: applied(data.patch, before) };
}
