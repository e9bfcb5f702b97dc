import type { Parked, Parking } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';

/**
 * Parking keeps one entry for each stream, because a consumer stands still at the first commit it cannot apply. The relay does not
 * stand still: it parks single commits, so each gets an entry of its own, under its stream's name and version.
 */
export class EveryVersionParking {
  readonly #parking: Parking;

  constructor(parking: Parking) {
    this.#parking = parking;
  }

  park(consumer: string, parked: Parked, deadline: Deadline): Promise<'parked' | 'known'> {
    return this.#parking.park(consumer, { ...parked, stream: keyOf(parked) }, deadline);
  }

  async parked(consumer: string, deadline: Deadline): Promise<readonly Parked[]> {
    const entries = await this.#parking.parked(consumer, deadline);
    return entries.map((entry) => ({ ...entry, stream: streamIn(entry) }));
  }

  unparkVersion(consumer: string, parked: Parked, deadline: Deadline): Promise<void> {
    return this.#parking.unpark(consumer, keyOf(parked), deadline);
  }
}

function keyOf({ stream, version }: Parked): string {
  return `${stream}@${version}`;
}

function streamIn({ stream, version }: Parked): string {
  return stream.slice(0, -`@${version}`.length);
}
