import { type Price, price } from '../../domain/values/price.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { MarketInput } from '../../domain/venue/book-input.ts';
import { type BookDay, stepsTo } from '../../domain/venue/calendar-day.ts';
import type { VenueBook } from '../../domain/venue/venue-book.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Opening } from './book-keeper.ts';
import type { MarketRules, MarketSource, MarketStops } from './market-rules.ts';
import type { Openings } from './openings.ts';

interface Lead {
  readonly markets: Pick<MarketSource, 'calendar' | 'referencePrice'>;
  readonly openings: Pick<Openings, 'mayOpen'>;
  readonly now: Timestamp;
}

/**
 * What the calendar asks of a book before anything else happens in it: whoever calls, and however late, an order never meets a phase
 * that is over. Worked out on the book itself, so that it is asked once.
 */
export async function phaseInputs(
  book: VenueBook,
  { isHalted }: Pick<MarketStops, 'isHalted'>,
  { markets, openings, now, deadline }: Lead & { readonly deadline: Deadline },
): Promise<readonly MarketInput[]> {
  const { symbol } = book.contract;
  const target = markets.calendar(symbol, now);
  if (!target || (target.day === book.day && target.phase === book.phase)) return [];
  const { day, phase } = book;
  const stays = isHalted || book.isHaltedBy('operator') || book.isHaltedBy('calendar');
  const at: BookDay = { phase, isHalted: stays, ...(day !== undefined && { day }) };
  const mayOpen = openings.mayOpen(symbol, target.opensAt());
  const rough = stepsTo(target, at, { mayOpen, referencePrice: price(1) });
  if (!rough.some(({ input }) => input === 'uncross')) return rough;
  const said = await markets.referencePrice(book.contract, deadline);
  return stepsTo(target, at, { mayOpen, referencePrice: said ?? ownReference(book) });
}

/** Where nobody has said what the instrument is worth: its last trade, or the middle of what is bid and asked. */
function ownReference(book: VenueBook): Price {
  if (book.lastPrice !== undefined) return price(book.lastPrice);
  const { bid, ask } = book.top();
  const [low, high] = [bid?.price ?? ask?.price ?? 1, ask?.price ?? bid?.price ?? 1];
  return price(Math.max(1, Math.floor((low + high) / 2)));
}

/** How a book begins: where the calendar is, and before an opening that it has yet to wait for. */
export function openingFor({ contract, phase }: MarketRules, { markets, openings, now }: Lead): Opening {
  const target = markets.calendar(contract.symbol, now);
  if (!target?.closes) return { contract, phase };
  const isWaiting = target.phase === 'continuous' || target.phase === 'closing_call';
  const { day } = target;
  return isWaiting && !openings.mayOpen(contract.symbol, target.opensAt())
    ? { contract, phase: 'opening_call', day }
    : { contract, phase: target.phase, day };
}
