import { parentPort } from 'node:worker_threads';
import type { Asked } from '../../local/views-thread/messages.ts';

/** A thread that answers, and dies when it is asked to reach `death`. */
parentPort?.on('message', (asked: Asked) => {
  if (asked.ask === 'call') {
    if (asked.call === 'drained') return;
    asked.reply.postMessage({ answer: null });
    return;
  }
  if (asked.ask === 'reach' && asked.sequence === 'death') throw new Error('killed');
});
