import { type Job, run } from './load.ts';

/** The load's own process: whoever measures must not share a thread with what is measured. */
process.on('message', (job: Job) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
