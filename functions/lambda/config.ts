import { AppConfigConfig } from '../../platform/hot-config/appconfig-config.ts';
import { createAppConfigClient } from '../../platform/hot-config/appconfig-client.ts';
import { AppConfigSession } from '../../platform/hot-config/appconfig-session.ts';
import type { ConfigRecord } from '../../platform/hot-config/record.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { composeConfigRecord } from '../compose-hot-config.ts';
import { environmentNames } from '../environment.ts';
import type { Rights } from '../manifest.ts';
import { cellOf, type Surroundings } from './surroundings.ts';

/** The config as AppConfig deploys it; in force before this resolves. Throws `ConfigMissing`. */
export async function openConfig(
  surroundings: Surroundings,
  store: EventStore,
  rights: Rights,
): Promise<AppConfigConfig> {
  const { clock, random, telemetry, setting } = surroundings;
  const { log } = telemetry;
  const profile = {
    application: setting(environmentNames.configApplication),
    environment: setting(environmentNames.configEnvironment),
    profile: setting(environmentNames.configProfile),
  };
  const record = composeConfigRecord({ cell: cellOf(surroundings), store, clock, random, log });
  const config = new AppConfigConfig({
    session: new AppConfigSession(createAppConfigClient(), profile, clock),
    record: rights.log === 'write' ? record : onlyRead(record),
    clock,
    onFailure: (error) => log.error('the config is the last good one', error),
  });
  await config.open();
  return config;
}

/** Who may not write leaves the record to those who may: every function meets the same config. */
function onlyRead(record: ConfigRecord): Pick<ConfigRecord, 'head' | 'change' | 'refuse'> {
  return {
    head: (deadline) => record.head(deadline),
    change: async ({ version }) => ({ outcome: 'recorded', previous: version }),
    refuse: async () => undefined,
  };
}
