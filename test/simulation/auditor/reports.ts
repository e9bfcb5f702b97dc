import type { VenueReport } from '../../../domain/order/commands.ts';
import type { OrderEvent, VenuePosition } from '../../../domain/order/events.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';
import type { Told } from './books.ts';

interface Reported {
  readonly orderId: string;
  readonly report: VenueReport;
}

const results: Readonly<Partial<Record<VenueReport['report'], readonly OrderEvent['type'][]>>> = {
  execute: ['OrderExecuted'],
  bust: ['ExecutionBusted', 'ReportDisputed'],
  correct: ['ExecutionCorrected', 'ReportDisputed'],
  accept: ['OrderAccepted', 'ReportDisputed'],
  reject: ['OrderRejected', 'ReportDisputed'],
  // Asked for because the session has ended, it is an expiry.
  'confirm-cancel': ['OrderCanceled', 'OrderExpired', 'CancelRejected', 'ReportDisputed'],
  'reject-cancel': ['CancelRejected', 'ReportNoted', 'ReportDisputed'],
  'confirm-replace': ['OrderReplaced', 'ReportDisputed'],
  'reject-replace': ['ReplaceRejected', 'ReportNoted', 'ReportDisputed'],
  cancel: ['OrderCanceled', 'CancelRejected', 'ReportDisputed'],
};

/** What venues said, and that each order took in each report about it once, in their order. */
export class Reports {
  readonly #said = new Map<string, VenueReport>();
  readonly #applied = new Set<string>();
  readonly #last = new Map<string, readonly [version: number, index: number]>();

  /** What other venues report, one order in each event. */
  learn(commit: Commit): void {
    commit.events.forEach((event, index) => {
      const { orderId, report } = event.data as unknown as Reported;
      this.#said.set(`${commit.stream}@${commit.version}/${index} ${orderId}`, report);
    });
  }

  /** What our own books say, which may be to two orders at once. */
  learnTold(told: readonly Told[]): void {
    for (const { name, orderId, report } of told) this.#said.set(`${name} ${orderId}`, report);
  }

  isApplied(orderId: string, position: VenuePosition): boolean {
    return this.#applied.has(nameOf(orderId, position));
  }

  /** The execution a report takes back or puts right. */
  undoneBy(orderId: string, position: VenuePosition): string | undefined {
    const report = this.#said.get(nameOf(orderId, position));
    if (report?.report === 'bust') return report.executionId;
    return report?.report === 'correct' ? report.replacesExecutionId : undefined;
  }

  apply(orderId: string, position: VenuePosition, event: OrderEvent): void {
    const name = nameOf(orderId, position);
    const said = this.#said.get(name);
    demand(said !== undefined, 'reports go to their order', () => `nobody said ${name}`);
    demand(!this.#applied.has(name), 'a report is applied once', () => `${orderId} took ${name} again`);
    const stream = `${orderId} ${position.stream}`;
    const [version, index] = this.#last.get(stream) ?? [0, 0];
    demand(
      position.version > version || (position.version === version && position.index > index),
      'reports are applied in order',
      () => `${orderId} took ${name} after ${version}/${index}`,
    );
    this.#applied.add(name);
    this.#last.set(stream, [position.version, position.index]);
    demandMeaning(said, event, name);
  }

  demandAllApplied(): void {
    const missing = [...this.#said.keys()].filter((name) => !this.#applied.has(name));
    demand(missing.length === 0, 'no report is lost', () => missing.slice(0, 5).join());
  }
}

function nameOf(orderId: string, { stream, version, index }: VenuePosition): string {
  return `${stream}@${version}/${index} ${orderId}`;
}

function demandMeaning(report: VenueReport, event: OrderEvent, name: string): void {
  const allowed = results[report.report];
  demand(
    allowed === undefined || allowed.includes(event.type),
    'a report means what it says',
    () => `${name} ${report.report} became ${event.type}`,
  );
  if (report.report !== 'execute' || event.type !== 'OrderExecuted') return;
  const { executionId, lastQuantity, lastPrice } = event.data;
  const isSame =
    executionId === report.executionId &&
    lastQuantity === report.lastQuantity &&
    lastPrice === report.lastPrice;
  demand(isSame, 'a report means what it says', () => `${name}: ${JSON.stringify(event.data)}`);
}
