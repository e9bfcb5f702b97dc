import { DynamoDbEventStore } from '../../platform/event-store/dynamodb.ts';
import type { AppConfigConfig } from '../../platform/hot-config/appconfig-config.ts';
import { composeDependencies, type Foundations } from '../compose-dependencies.ts';
import type { Dependencies } from '../dependencies.ts';
import { environmentNames } from '../environment.ts';
import type { Rights } from '../manifest.ts';
import { openConfig } from './config.ts';
import { noAccountFeed, noBreaches, noViews, noWebhooks } from './out-of-reach.ts';
import { cellOf, type Surroundings } from './surroundings.ts';

/** What is composed once in a process, around which a function's own code is put. */
export interface Standing {
  readonly surroundings: Surroundings;
  readonly dependencies: Dependencies;
  readonly config: AppConfigConfig;
}

/** What only some functions reach, and so only they carry. */
export type Part = (surroundings: Surroundings, config: AppConfigConfig) => Gained | Promise<Gained>;
type Gained = Partial<Pick<Foundations, 'views' | 'accountFeed' | 'surveillance' | 'webhooks' | 'market'>>;

export function openStore({ client, clock, random, setting }: Surroundings): DynamoDbEventStore {
  const tables = {
    log: setting(environmentNames.logTable),
    items: setting(environmentNames.itemsTable),
  };
  return new DynamoDbEventStore({ client, tables, clock, random });
}

export async function stand(
  surroundings: Surroundings,
  rights: Rights,
  parts: readonly Part[],
): Promise<Standing> {
  const { clock, random, telemetry, setting } = surroundings;
  const store = openStore(surroundings);
  const config = await openConfig(surroundings, store, rights);
  let gained: Gained = {};
  for (const part of parts) gained = { ...gained, ...(await part(surroundings, config)) };
  const dependencies = composeDependencies({
    cell: cellOf(surroundings),
    store,
    clock,
    random,
    config,
    telemetry,
    requestLogEvery: Number(setting(environmentNames.requestLogEvery)),
    views: noViews,
    accountFeed: noAccountFeed,
    surveillance: noBreaches,
    webhooks: noWebhooks,
    ...gained,
  });
  return { surroundings, dependencies, config };
}
