import { lockForWriting } from '../../platform/consumer/writer-lock.ts';

/** A process that is the writer of the lists in a folder until it is told to die, and then a little longer. */
lockForWriting(process.argv[2] ?? '');
process.on('message', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 150));
process.send?.('held');
