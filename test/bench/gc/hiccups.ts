import { monitorEventLoopDelay } from 'node:perf_hooks';

/** An idle process: how late it wakes is the machine's doing and nobody else's. Answers each message with what it saw since the last. */
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.on('message', () => {
  process.send?.({ p99: delays.percentile(99) / 1e6, max: delays.max / 1e6 });
  delays.reset();
});
