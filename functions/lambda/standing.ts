import { DynamoDbEventStore } from '../../platform/event-store/dynamodb.ts';
import type { AppConfigConfig } from '../../platform/hot-config/appconfig-config.ts';
import { type Grounded, layGround } from '../compose-ground.ts';
import type { Reach } from '../dependencies.ts';
import { environmentNames } from '../environment.ts';
import type { Rights } from '../manifest.ts';
import { openConfig } from './config.ts';
import { cellOf, type Surroundings } from './surroundings.ts';

/** What is composed once in a process, whatever its function reaches. */
export interface Standing extends Grounded {
  readonly surroundings: Surroundings;
  readonly config: AppConfigConfig;
}

/** What one function reaches beside: made of `parts.ts`, and all that its bundle carries. */
export type Reached<Names extends keyof Reach> = (
  on: Standing,
) => Pick<Reach, Names> | Promise<Pick<Reach, Names>>;

export function openStore({ client, clock, random, setting }: Surroundings): DynamoDbEventStore {
  const tables = {
    log: setting(environmentNames.logTable),
    items: setting(environmentNames.itemsTable),
  };
  return new DynamoDbEventStore({ client, tables, clock, random });
}

export async function stand(surroundings: Surroundings, rights: Rights): Promise<Standing> {
  const { clock, random, telemetry, setting } = surroundings;
  const store = openStore(surroundings);
  const config = await openConfig(surroundings, store, rights);
  const grounded = layGround({
    cell: cellOf(surroundings),
    store,
    clock,
    random,
    config,
    telemetry,
    requestLogEvery: Number(setting(environmentNames.requestLogEvery)),
  });
  return { ...grounded, surroundings, config };
}
