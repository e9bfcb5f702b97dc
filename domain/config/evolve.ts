import type { ConfigEvent } from './events.ts';
import { applied } from './json-patch.ts';
import { lotsWith } from './lots.ts';
import type { ConfigState } from './state.ts';

export function evolve(state: ConfigState, { type, data }: ConfigEvent): ConfigState {
  if (type === 'ConfigRefused')
    return data.content === undefined ? state : { ...state, refused: data.content };
  const before = state.kind === 'config' ? state : { document: null, lots: {} };
  const document = applied(data.patch, before.document);
  return { kind: 'config', version: data.version, document, lots: lotsWith(before.lots, document) };
}
