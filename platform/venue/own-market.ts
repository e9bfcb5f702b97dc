import type { BookObservers } from './book-observer.ts';
import type { OwnVenue } from './own-venue.ts';
import type { VenueConsumer } from './venue-consumer.ts';

/** Our own market in this process. */
export interface OwnMarket {
  readonly venue: OwnVenue;
  /** Told after every commit of a book; costs nothing while nobody observes. */
  readonly observers: BookObservers;
  readonly consumer: VenueConsumer;
}
