import type { Timestamp } from '../../domain/values/time.ts';
import type { BookInput, MarketInput } from '../../domain/venue/book-input.ts';
import type { VenueBook } from '../../domain/venue/venue-book.ts';

/** Ends good-till-date orders whose moment has come before anything else happens in their book: whoever calls it, and however late, none trades after it. */
export function dateInputs(
  { earliestExpiry }: Pick<VenueBook, 'earliestExpiry'>,
  now: Timestamp,
): readonly MarketInput[] {
  return now < earliestExpiry ? [] : [{ input: 'expire-date', now }];
}

/** What was placed in time and comes to its book after it must not trade: too late to enter, as FIX has it (OrdRejReason 4). */
export function unlessLate(input: BookInput, now: Timestamp): BookInput {
  if (input.input !== 'new') return input;
  const { orderId, version, terms } = input;
  if (terms.expireAt === undefined || now < terms.expireAt) return input;
  return { input: 'refuse', orderId, version, text: 'too_late_to_enter' };
}
