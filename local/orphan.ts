const checkEveryMs = 250;

/**
 * npm passes SIGTERM on to the shell it runs a script in, and the shell dies of it without telling us. So under npm a parent
 * that is gone means the same as the signal. Returns how to stop watching.
 */
export function onOrphaned(stop: () => void): () => void {
  if (process.env['npm_lifecycle_event'] === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, checkEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
