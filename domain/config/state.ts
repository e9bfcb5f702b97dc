import type { Json } from '../values/json.ts';
import type { Lots } from './lots.ts';

/** `refused`: the content that was refused last, while nothing was changed since. */
export type ConfigState =
  | { readonly kind: 'none'; readonly refused?: string }
  | {
      readonly kind: 'config';
      readonly version: string;
      readonly document: Json;
      /** Of every symbol that was ever listed. */
      readonly lots: Lots;
      readonly refused?: string;
    };

export const noConfig: ConfigState = { kind: 'none' };

export function configStream(cell: string): string {
  return `config-${cell}`;
}
