import { type KindConsumer, kindConsumer } from './shared/kind-consumer.ts';

/** Brings the exits of linked orders to life, or ends them, once their entries have nothing more to come. */
export function linkedOrdersConsumer(dependencies: KindConsumer) {
  return kindConsumer(dependencies);
}
