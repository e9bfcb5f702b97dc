import { mkdirSync } from 'node:fs';
import { composeApi } from '../functions/compose.ts';
import { composeDependencies } from '../functions/compose-dependencies.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import type { LambdaHandler } from '../functions/api/wrap.ts';
import { type Clock, systemClock } from '../platform/clock/clock.ts';
import { defaultCallMs, deadlineIn } from '../platform/deadline/deadline.ts';
import { FixedConfig } from '../platform/hot-config/fixed.ts';
import { type Random, systemRandom } from '../platform/random/random.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import { silent } from '../platform/telemetry/silent.ts';
import { type DemoKey, isSeeded, issueDemoKeys, openDemoAccounts } from './demo.ts';
import { DemoPrices } from './demo-prices.ts';
import { Router } from './router.ts';
import { readSeed } from './seed.ts';
import { LocalServer } from './server.ts';
import { openStore, type StoreChoice } from './stores.ts';
import { openViews, type RunningViews } from './views.ts';

export interface CellOptions {
  readonly store: StoreChoice;
  /** 0: any free one. */
  readonly port: number;
  readonly host?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** A config document; default: the one in seed.json. */
  readonly config?: unknown;
  readonly telemetry?: Telemetry;
  readonly requestLogEvery?: number;
  /** Called with new demo keys before anything can be done with them: where they are kept. */
  readonly keepKeys?: (keys: readonly DemoKey[]) => void;
  /** Issue new demo keys although the demo is there already. */
  readonly newKeys?: boolean;
}

/** A running embedded cell: the functions of the manifest over one store, behind one address. */
export interface Cell {
  /** `http://127.0.0.1:4510` */
  readonly address: string;
  /** The demo's keys, when this start issued them: the only time their secrets are to be had. */
  readonly newKeys: readonly DemoKey[] | undefined;
  readonly dependencies: Dependencies;
  /** Finishes what is in work, then closes the store. Calling it again waits for the same. */
  stop(): Promise<void>;
}

/** Throws `DataFolderLocked`, `DataFolderUnknown`, `PortInUse`, `InvalidConfig`. */
export async function startCell(options: CellOptions): Promise<Cell> {
  const { clock = systemClock, random = systemRandom, telemetry = silent } = options;
  const seed = readSeed();
  const config = new FixedConfig(options.config ?? seed.config);
  if (options.store.kind === 'sqlite') mkdirSync(options.store.folder, { recursive: true });
  const open = await openStore(options.store, clock, random);
  let views: RunningViews | undefined;
  try {
    views = await openViews(open, { clock, random, telemetry });
    const dependencies = composeDependencies({
      cell: 'local',
      store: open.store,
      views: views.reader,
      clock,
      random,
      config,
      telemetry,
      requestLogEvery: options.requestLogEvery ?? 1,
    });
    await views.start();
    const prices = new DemoPrices(dependencies, seed.demo.referencePrices);
    await prices.start();
    const newKeys = await seeded(seed.demo, dependencies, options);
    const server = serverOf(dependencies);
    const { port } = await server.listen(options.port, options.host ?? '127.0.0.1');
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      await server.stop();
      await prices.stop();
      await views?.stop();
      await open.close();
    };
    return {
      address: `http://${options.host ?? '127.0.0.1'}:${port}`,
      newKeys,
      dependencies,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await views?.stop();
    await open.close();
    throw error;
  }
}

async function seeded(
  demo: ReturnType<typeof readSeed>['demo'],
  dependencies: Dependencies,
  { keepKeys, newKeys }: CellOptions,
): Promise<readonly DemoKey[] | undefined> {
  const isFirst = !(await isSeeded(demo, dependencies));
  if (!isFirst && newKeys !== true) return undefined;
  const keys = await issueDemoKeys(demo, dependencies);
  keepKeys?.(keys);
  await openDemoAccounts(demo, dependencies);
  return keys;
}

function serverOf(dependencies: Dependencies): LocalServer {
  const router = new Router<LambdaHandler>();
  for (const { entry, handler } of composeApi(dependencies)) {
    if (entry.trigger.kind !== 'http') continue;
    for (const { route } of entry.trigger.routes) router.add(route, handler);
  }
  const { store, clock, random, telemetry } = dependencies;
  return new LocalServer({
    router,
    correlationId: () => random.id(),
    onUnexpected: (error) => telemetry.log.error('the server failed', error),
    isReady: async () => {
      try {
        await store.readItem({ owner: 'readiness', name: 'probe' }, deadlineIn(defaultCallMs, clock));
        return true;
      } catch (error) {
        telemetry.log.error('not ready', error);
        return false;
      }
    },
  });
}
