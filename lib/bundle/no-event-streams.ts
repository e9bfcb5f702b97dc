/*
 * Stands in a bundle for `@smithy/core/event-streams`: no answer of ours is a stream of events. S3's client makes ready for them as soon as
 * it is made.
 */
export function eventStreamSerdeProvider(): void {
  // Whoever was given nothing has nothing to read with.
}

export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export function EventStreamSerde(): never {
  throw new Error('@smithy/core/event-streams was left out of the bundle: see lib/bundle/left-out.ts');
}
