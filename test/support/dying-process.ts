import type { Asked, Said } from '../../local/views-process/messages.ts';

/** A process that answers a start with its own id and a drain never, and dies when it is asked to reach `death`. */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (asked: Asked) => {
  if (asked.ask === 'call' && asked.call !== 'drained')
    say({ tell: 'reply', id: asked.id, reply: { answer: process.pid } });
  if (asked.ask === 'reach' && asked.sequence === 'death') process.kill(process.pid, 'SIGABRT');
});

function say(said: Said): void {
  process.send?.(said);
}
