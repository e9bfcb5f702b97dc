import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

// Half of a start is compiling what the last start compiled as well. Where the folder cannot be written it compiles again, no more.
enableCompileCache(join(import.meta.dirname, '..', '.cache', 'compiled'));
await import('./run.ts');
// Now, not on exit: a process that is killed never gets there.
flushCompileCache();
