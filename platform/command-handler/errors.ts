/**
 * An assertion failed or stored bytes were wrong on this stream before; nothing is decided on it in this process until
 * somebody has looked. Not retryable. `cause` is the first failure.
 */
export class StreamQuarantined extends Error {
  override readonly name = 'StreamQuarantined';
  readonly retryable = false;
  readonly stream: string;
  constructor(stream: string, cause: Error) {
    super(`${stream} is quarantined: ${cause.message}`, { cause });
    this.stream = stream;
  }
}

/** More commands wait for this stream in this process than its line may hold. Nothing was decided; safe to retry. */
export class StreamBusy extends Error {
  override readonly name = 'StreamBusy';
  readonly retryable = true;
  readonly stream: string;
  constructor(stream: string, waiting: number) {
    super(`${waiting} commands wait for ${stream} already`);
    this.stream = stream;
  }
}
