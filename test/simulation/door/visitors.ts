import { formatPrice } from '../../../domain/instrument/instrument.ts';
import { price } from '../../../domain/values/price.ts';
import type { Prng } from '../prng.ts';
import type { Sim } from '../sim.ts';
import { Visitor } from './visitor.ts';

/** What leaves the door closed, among the faults a plan goes without. */
export const closedDoor = 'door: visitors';

/** The account of those who come in by the door, which takes only ids as the product makes them. */
const doorAccount = '7f1c2a34-5b6d-5e8f-9a0b-1c2d3e4f5a6b';

/** Who comes in by the door of a world. */
export interface Guests {
  readonly accounts: readonly string[];
  readonly visitors: readonly Visitor[];
}

/** Nobody in some worlds. Drawn apart, so that those are what they would be without a door. */
export function guestsOf(sim: Sim): Guests {
  const prng = sim.prng.fork('door');
  if (sim.without.includes(closedDoor) || prng.chance(0.4)) return { accounts: [], visitors: [] };
  const visitors = Array.from(
    { length: prng.between(1, 3) },
    (_, index) => new Visitor(sim, index + 1, doorAccount, prng.fork(`visitor ${index + 1}`)),
  );
  return { accounts: [doorAccount], visitors };
}

/** Says what is traded elsewhere is worth: the API asks the record of prices, and our own market says only its own. */
export async function quoteElsewhere(sim: Sim): Promise<void> {
  const prng: Prng = sim.prng.fork('quotes elsewhere');
  const elsewhere = sim.market.symbols.filter((symbol) => !sim.market.ours.includes(symbol));
  while (!sim.isEnding) {
    await sim.pause('quotes', 'elsewhere', prng.between(150, 500));
    const instrument = sim.market.instrument(prng.any(elsewhere) ?? 'AAA');
    if (!instrument) continue;
    const { contract } = instrument.rules;
    const said = formatPrice(price(instrument.reference), contract);
    await sim.attempt('quote', (life) =>
      life.prices.set(contract.symbol, said, 'operator', {
        actor: { kind: 'operator', id: 'quotes' },
        deadline: life.deadlineIn(3_000),
      }),
    );
  }
}
