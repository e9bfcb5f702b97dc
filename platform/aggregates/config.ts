import * as z from 'zod/mini';
import { type ConfigCommand, configOrigins } from '../../domain/config/commands.ts';
import { config as decider } from '../../domain/config/decide.ts';
import type { ConfigEvent } from '../../domain/config/events.ts';
import type { PatchOperation } from '../../domain/config/json-patch.ts';
import type { ConfigState } from '../../domain/config/state.ts';
import type { Json } from '../../domain/values/json.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { text } from './value-schemas.ts';

type DataOf<Type extends ConfigEvent['type']> = Extract<ConfigEvent, { type: Type }>['data'];

const json: z.ZodMiniType<Json> = z.json();

export const patchOperation: z.ZodMiniType<PatchOperation> = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['add', 'replace']), path: text, value: json }),
  z.strictObject({ op: z.literal('remove'), path: text }),
]);

const attribution = { by: z.exactOptional(text), reason: z.exactOptional(text) };

const changed = exactly<DataOf<'ConfigChanged'>>()({
  ...attribution,
  version: text,
  previous: z.exactOptional(text),
  patch: z.array(patchOperation),
  origin: z.enum(configOrigins),
  approvalId: z.exactOptional(text),
});
const refused = exactly<DataOf<'ConfigRefused'>>()({
  ...attribution,
  why: z.enum(['invalid', 'stale']),
  origin: z.enum(configOrigins),
  content: z.exactOptional(text),
  issues: z.array(z.strictObject({ path: text, message: text })),
});

const readers: Readers<ConfigEvent> = {
  ConfigChanged: [as('ConfigChanged', changed)],
  ConfigRefused: [as('ConfigRefused', refused)],
};

/** Every config a cell ever had, in one stream. The fingerprint is raised by the rule beside `order`. */
export const config: Aggregate<ConfigCommand, ConfigState, ConfigEvent> = {
  ...decider,
  kind: 'config',
  fingerprint: 'config-2',
  upcast: upcastWith(readers),
};
