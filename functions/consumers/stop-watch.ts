import { type KindConsumer, kindConsumer } from './shared/kind-consumer.ts';

/** Lets the stop losses of pairs take over when a reference price reaches them. */
export function stopWatchConsumer(dependencies: KindConsumer) {
  return kindConsumer(dependencies);
}
