import { composeApi } from '../functions/compose.ts';
import type { ReportFollower } from '../functions/compose-venue-reports.ts';
import type { LinkedOrders } from '../functions/compose-linked-orders.ts';
import { composeMarket, type MarketFollower } from '../functions/compose-venue.ts';
import { composeWebhooks } from '../functions/compose-webhooks.ts';
import { composeSchedules } from '../functions/compose-schedules.ts';
import { composeDependencies } from '../functions/compose-dependencies.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import { requestMetrics } from '../functions/api/door/request-metrics.ts';
import type { LambdaHandler } from '../functions/api/door/wrap.ts';
import { type Clock, systemClock } from '../platform/clock/clock.ts';
import { defaultCallMs, deadlineIn } from '../platform/deadline/deadline.ts';
import type { Sweeper } from '../platform/consumer/sweeper.ts';
import { StoreFull } from '../platform/event-store/errors.ts';
import { watchStore } from '../platform/event-store/store-metrics.ts';
import type { ResolveName } from '../platform/outgoing/resolve-name.ts';
import { type Random, systemRandom } from '../platform/random/random.ts';
import { watchConsumer } from '../platform/telemetry/consumer-metrics.ts';
import { watchStanding } from './watch-standing.ts';
import { MetricsRegistry } from '../platform/telemetry/metrics-registry.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import { watchProcess } from '../platform/telemetry/process-metrics.ts';
import { prometheusText } from '../platform/telemetry/prometheus-text.ts';
import { silent } from '../platform/telemetry/silent.ts';
import { refuseBadFirstConfig } from './config-file-unusable.ts';
import { type DemoKey, isSeeded, issueDemoKeys, openDemoAccounts } from './demo.ts';
import { DemoMarket } from './demo-market/demo-market.ts';
import { DemoPrices } from './demo-prices.ts';
import { openHotConfig } from './hot-config.ts';
import { openEnforcement } from './kill-switch.ts';
import { checkListening } from './listening.ts';
import { Router } from './router.ts';
import { Schedules } from './schedules.ts';
import { startLinkedOrders } from './linked-orders.ts';
import { readSeed } from './seed.ts';
import { startSessions } from './sessions.ts';
import { LocalServer } from './server.ts';
import { type OpenStore, openStore, type StoreChoice } from './stores.ts';
import { orDamaged, refuseDamaged } from './refuse-damaged.ts';
import { openResponse } from './surveillance.ts';
import { startMarketData } from './streams/market-data.ts';
import type { StreamDoor } from './streams/stream-door.ts';
import { openStreams, type StreamChoice } from './streams/streams.ts';
import { openSweeper } from './sweeping.ts';
import { openChunks, openMarket } from './venue.ts';
import { openReportFollower } from './venue-reports.ts';
import { type CellViews, openViews } from './views.ts';
import { waitForLists } from './wait-for-lists.ts';
import { openWebhookParts, startWebhooks } from './webhooks.ts';

export interface CellOptions {
  readonly store: StoreChoice;
  /** 0: any free one. */
  readonly port: number;
  readonly host?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** The config document a new cell starts from; default: the one in seed.json. */
  readonly config?: unknown;
  readonly telemetry?: Pick<Telemetry, 'log' | 'tracer'>;
  readonly requestLogEvery?: number;
  /** Called with new demo keys before anything can be done with them: where they are kept. */
  readonly keepKeys?: (keys: readonly DemoKey[]) => void;
  /** Issue new demo keys although the demo is there already. */
  readonly newKeys?: boolean;
  /** `off`: no market of our own; every order waits for its connector. Default: instruments trade where the config says. */
  readonly venue?: VenueChoice;
  /** How the names of webhooks' receivers become addresses; default: by asking name servers. */
  readonly resolve?: ResolveName;
  /** Bounds of clients' streams that are not the standard ones. */
  readonly streams?: StreamChoice;
  /** Simulated liquidity providers quote what trades in our own market. */
  readonly demoMarket?: boolean;
}

export type VenueChoice = 'internal' | 'off';

/** A running embedded cell: the functions of the manifest over one store, behind one address. */
export interface Cell {
  /** `http://127.0.0.1:4510` */
  readonly address: string;
  /** The demo's keys, when this start issued them: the only time their secrets are to be had. */
  readonly newKeys: readonly DemoKey[] | undefined;
  readonly dependencies: Dependencies;
  /** What keeps the lists: whether they have caught up, and what an operator can do about them. */
  readonly views: CellViews;
  /** What applies the reports that a crash kept from being applied. */
  readonly reports: ReportFollower;
  /** What brings orders to our own books; absent where there are none. */
  readonly market?: MarketFollower;
  /** What looks after every consumer; a schedule runs it. */
  readonly sweeper: Sweeper;
  /** What makes exits follow their entries, and stop losses the market. */
  readonly linkedOrders: LinkedOrders;
  /** Finishes what is in work, then closes the store. Calling it again waits for the same. */
  stop(): Promise<void>;
}

/**
 * Throws `PortInUse`, `AddressUnusable`, `ConfigFileUnusable`, `DataFolderUnusable`, `DataFolderLocked`, `DataFolderUnknown`,
 * `DataFolderDamaged`, `InvalidConfig`; then nothing is left running.
 */
export async function startCell(options: CellOptions): Promise<Cell> {
  // Taken down in the opposite order: first nobody comes in any more, last the store closes.
  const running = new AsyncDisposableStack();
  try {
    const { host = '127.0.0.1', clock = systemClock } = options;
    // What can be seen before anything is made is seen before.
    await checkListening(options.port, host);
    await refuseBadFirstConfig(options.store);
    const seed = readSeed();
    const { log } = options.telemetry ?? silent;
    const metrics = new MetricsRegistry(clock, (metric, error) =>
      log.error('a metric could not be read', error, { metric }),
    );
    running.defer(watchProcess(metrics, clock));
    const { checkRoom, ...standing } = await stand(seed, { ...options, metrics }, running);
    const { dependencies } = standing;
    const prices = new DemoPrices(dependencies, seed.demo.referencePrices, (error) =>
      dependencies.telemetry.log.error('demo prices not restated, trying again', error),
    );
    running.defer(() => prices.stop());
    await prices.start();
    const newKeys = await seeded(seed.demo, dependencies, options);
    const streams = openStreams(dependencies, options.streams ?? {}, running);
    if (options.demoMarket === true) await startDemoMarket(seed.demo, dependencies, running);
    const server = serverOf(dependencies, { metrics, checkRoom, streams, views: standing.views });
    const { port } = await server.listen(options.port, host);
    running.defer(() => server.stop());
    running.defer(() => streams.stop());
    let stopping: Promise<void> | undefined;
    return {
      address: `http://${host}:${port}`,
      newKeys,
      ...standing,
      stop: () => (stopping ??= running.disposeAsync()),
    };
  } catch (error) {
    await running.disposeAsync();
    throw orDamaged(error, options.store);
  }
}

type Seed = ReturnType<typeof readSeed>;

type Standing = Pick<Cell, 'dependencies' | 'views' | 'reports' | 'linkedOrders' | 'market' | 'sweeper'> &
  Pick<OpenStore, 'checkRoom'>;

/** Store, views, everything built on them, and what finishes its work. */
async function stand(
  seed: Seed,
  options: CellOptions & { readonly metrics: MetricsRegistry },
  running: AsyncDisposableStack,
): Promise<Standing> {
  const { clock = systemClock, random = systemRandom, requestLogEvery = 1, metrics } = options;
  const telemetry = { ...(options.telemetry ?? silent), metrics };
  const open = await openStore(options.store, clock, random);
  running.defer(() => open.close());
  if (open.kind === 'sqlite') refuseDamaged(open.store);
  const { store } = open;
  const parts = { cell: 'local', store, clock, random, log: telemetry.log };
  const config = await openHotConfig(options.store, options.config ?? seed.config, parts);
  running.defer(() => config.stop());
  await config.start();
  const views = await openViews(open, { clock, random, telemetry, config });
  running.defer(() => views.stop());
  if (open.kind === 'sqlite') watchStore(metrics, open.store);
  const webhooks = await openWebhookParts(open, options, running);
  const chunks = options.venue === 'off' ? undefined : await openChunks(open, { clock, random });
  const dependencies = composeDependencies({
    cell: 'local',
    store,
    views: views.views,
    accountFeed: views.feed,
    surveillance: views.surveillance,
    clock,
    random,
    config,
    telemetry,
    requestLogEvery,
    webhooks: (handler, around) => composeWebhooks(handler, { ...around, webhooks }),
    ...(chunks && {
      market: (unmarketed) => composeMarket({ dependencies: unmarketed, chunks, parking: views.parking }),
    }),
  });
  const reports = await openReportFollower(open, dependencies, views.parking);
  running.defer(() => reports.stop());
  await reports.start();
  const linkedOrders = await startLinkedOrders(open, dependencies, views.parking, running);
  for (const consumer of views.attended) dependencies.consumers.add(consumer);
  dependencies.consumers.add(reports.attended);
  startMarketData(dependencies, running, (symbol, error) =>
    telemetry.log.error('what a book traded before the start could not be read for its market data', error, {
      symbol,
    }),
  );
  const market = await openedMarket(open, dependencies, running);
  const sweeper = await openSweeper(open, dependencies);
  // Only here, since a process that keeps them loads meanwhile; from where it stopped, or being caught up means the whole log again.
  await views.start();
  await waitForLists(views, { clock, log: telemetry.log });
  const sessions = await startSessions(dependencies, running);
  const { enforcement, rounds } = openEnforcement(dependencies, views.lag);
  running.defer(() => rounds.stop());
  rounds.start(0);
  const { response, rounds: responding } = openResponse(dependencies);
  running.defer(() => responding.stop());
  responding.start(0);
  const { log } = telemetry;
  await startWebhooks(dependencies, running);
  const { dispatcher } = dependencies.webhooks;
  const scheduled = composeSchedules({
    sweeper,
    enforcement,
    sessions,
    response,
    dispatcher,
    clock,
    log,
    metrics,
  });
  const schedules = new Schedules(scheduled, (name, error) =>
    telemetry.log.error('a scheduled function failed; it runs again in its time', error, { function: name }),
  );
  running.defer(() => schedules.stop());
  schedules.start();
  const { lag, isWorking } = views;
  watchConsumer(metrics, 'views', { ...(lag && { lag }), ...(isWorking && { isWorking }) });
  watchStanding(metrics, dependencies);
  const checkRoom = () => open.checkRoom();
  return { dependencies, views, reports, linkedOrders, ...(market && { market }), sweeper, checkRoom };
}

async function openedMarket(
  open: OpenStore,
  dependencies: Dependencies,
  running: AsyncDisposableStack,
): Promise<MarketFollower | undefined> {
  if (!dependencies.market) return undefined;
  const market = await openMarket(open, dependencies.market, dependencies);
  running.defer(() => market.stop());
  await market.start();
  dependencies.consumers.add(market.attended);
  return market;
}

async function startDemoMarket(
  demo: Seed['demo'],
  dependencies: Dependencies,
  running: AsyncDisposableStack,
): Promise<void> {
  const { log } = dependencies.telemetry;
  const market = new DemoMarket(demo, dependencies, (error) =>
    log.error('the demo market could not quote, trying again', error),
  );
  running.defer(() => market.stop());
  await market.start();
}

async function seeded(
  demo: Seed['demo'],
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

function serverOf(
  dependencies: Dependencies,
  {
    metrics,
    checkRoom,
    streams,
    views,
  }: Pick<OpenStore, 'checkRoom'> & {
    readonly metrics: MetricsRegistry;
    readonly streams: StreamDoor;
    readonly views: CellViews;
  },
): LocalServer {
  const router = new Router<LambdaHandler>();
  for (const { entry, handler } of composeApi(dependencies)) {
    for (const { route } of entry.trigger.routes) router.add(route, handler);
  }
  const { store, clock, random, telemetry } = dependencies;
  const countAway = requestMetrics(metrics);
  const server: LocalServer = new LocalServer({
    router,
    correlationId: () => random.id(),
    onUnexpected: (error) => telemetry.log.error('the server failed', error),
    metricsText: async () => prometheusText(await metrics.collect()),
    upgrade: streams.upgrade,
    onStalled: () => metrics.counter('streams_dropped', { reason: 'slow' }).add(),
    onTurnedAway: (status, reason) => countAway({ route: 'none', status, reason }),
    standingStill: () => (views.isWorking?.() === false ? ['views'] : []),
    notReady: async () => {
      try {
        await store.readItem({ owner: 'readiness', name: 'probe' }, deadlineIn(defaultCallMs, clock));
        await checkRoom();
        return undefined;
      } catch (error) {
        telemetry.log.error('not ready', error);
        return error instanceof StoreFull ? 'storage_full' : 'temporarily_unavailable';
      }
    },
  });
  metrics.gauge('requests_in_work', {}, () => server.inWork);
  metrics.gauge('connections', {}, () => server.connections());
  return server;
}
