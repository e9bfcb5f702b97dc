import {
  DataFolderDamaged,
  DataFolderLocked,
  DataFolderUnknown,
} from '../platform/event-store/data-folder.ts';
import { ListsHeld } from '../platform/consumer/writer-lock.ts';
import { InvalidConfig } from '../platform/hot-config/check.ts';
import { jsonLine, LineLog, readableLine } from '../platform/telemetry/line-log.ts';
import { noTracer } from '../platform/telemetry/silent.ts';
import { SecretUnreadable } from '../platform/secrets/secret-file.ts';
import { type Cell, startCell } from './cell.ts';
import { ConfigFileUnusable } from './config-file-unusable.ts';
import { DemoKeysUnreadable, demoKeysFile, readDemoKeys, writeDemoKeys } from './demo-keys-file.ts';
import type { DemoKey } from './demo.ts';
import { AddressUnusable, PortInUse } from './listening.ts';
import { onOrphaned } from './orphan.ts';
import { type Options, readOptions, UnusableOptions, usage } from './options.ts';
import { DataFolderUnusable } from './stores.ts';
import { welcomeText } from './welcome.ts';

const isTerminal = process.stdout.isTTY;
let isHeard = true;
// Orders are taken also when whoever read the log has gone, or while there is no room for a line.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  isHeard &&= error.code !== 'EPIPE';
});
const log = new LineLog(
  (text) => isHeard && process.stdout.write(text),
  isTerminal ? readableLine : jsonLine('ordercell'),
);

/** What somebody can put right without us is said in one sentence, without a stack. */
const explained = [
  AddressUnusable,
  ConfigFileUnusable,
  DataFolderDamaged,
  DataFolderLocked,
  DataFolderUnknown,
  DataFolderUnusable,
  DemoKeysUnreadable,
  InvalidConfig,
  ListsHeld,
  PortInUse,
  SecretUnreadable,
  UnusableOptions,
];

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(usage);
    return;
  }
  const keysFile = demoKeysFile(options.folder);
  const oldKeys = options.newKeys ? undefined : readDemoKeys(keysFile);
  const cell = await startCell({
    ...options,
    telemetry: { log, tracer: noTracer },
    keepKeys: (keys) => writeDemoKeys(keysFile, keys),
  });
  welcome(cell, options, { keysFile, keys: cell.newKeys ?? oldKeys ?? [] });
  let isStopping = false;
  const stopOnce = (why: string) => {
    if (isStopping) return;
    isStopping = true;
    stop(cell, why).catch(fail);
  };
  const unwatch = onOrphaned(() => stopOnce('parent gone'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      unwatch();
      stopOnce(signal);
    });
  }
}

/** Secrets go to a person's terminal, never into a log. */
function welcome(
  { address, newKeys }: Cell,
  { folder, demoMarket }: Options,
  { keysFile, keys }: { readonly keysFile: string; readonly keys: readonly DemoKey[] },
): void {
  if (!isTerminal) {
    const keyIds = keys.map(({ name, keyId }) => `${name}=${keyId}`).join(' ');
    log.info('ready', { address, folder, keyIds, secretsIn: keys.length > 0 ? keysFile : undefined });
    return;
  }
  process.stdout.write(welcomeText({ address, keys, keysFile, isNew: newKeys !== undefined, demoMarket }));
  if (keys.length === 0) {
    process.stdout.write(`${keysFile} is gone; --new-keys issues new keys.\n`);
  }
}

async function stop(cell: Cell, why: string): Promise<void> {
  log.info('stopping', { why });
  await cell.stop();
  log.info('stopped');
  log.flush();
}

function fail(error: unknown): void {
  const isExplained = explained.some((kind) => error instanceof kind);
  if (isExplained && error instanceof Error) process.stderr.write(`${error.message}\n`);
  else log.error('failed', error);
  log.flush();
  process.exitCode = 1;
}

await main().catch(fail);
