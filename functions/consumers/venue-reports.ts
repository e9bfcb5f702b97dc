import { type KindConsumer, kindConsumer } from './shared/kind-consumer.ts';

export type VenueReportsConsumerDependencies = KindConsumer;

/**
 * Applies what a venue reported where a crash kept it from being applied when it was recorded. Most records are of other streams and
 * are not even decoded, most of the others are applied already. Tampering is the views' to tell: they are handed the same records.
 */
export function venueReportsConsumer(dependencies: VenueReportsConsumerDependencies) {
  return kindConsumer(dependencies);
}
