import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/*
 * The script of the process that keeps the views of a cell; kept-beside.ts begins and ends it. Ctrl-C and a service manager's stop reach
 * every process of the cell: the one that takes orders ends this one, once nobody needs it.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The cell is gone, however it went. What is not saved is made again from the log: there is nothing to finish, and a successor waits.
process.once('disconnect', end);
if (!process.connected) end();

// As local/main.ts does, and in the same place.
enableCompileCache(join(import.meta.dirname, '..', '..', '.cache', 'compiled'));
await import('./writer.ts');
flushCompileCache();

function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
