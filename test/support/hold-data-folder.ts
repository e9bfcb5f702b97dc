import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { aCommit } from './commits.ts';

/** Run as a process of its own: opens the folder it is given, writes one commit, says so, and stays until it is killed. */
const store = new SqliteEventStore(process.argv[2] ?? '');
await store.append([aCommit({ stream: `order-${process.pid}` })], []);
process.stdout.write('written\n');
process.stdin.resume();
