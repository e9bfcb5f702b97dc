import type { VenueReport } from '../../../domain/order/commands.ts';
import type { OrderEvent, VenuePosition } from '../../../domain/order/events.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';

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
  'confirm-cancel': ['OrderCanceled', 'CancelRejected', 'ReportDisputed'],
  'reject-cancel': ['CancelRejected', 'ReportNoted', 'ReportDisputed'],
  'confirm-replace': ['OrderReplaced', 'ReportDisputed'],
  'reject-replace': ['ReplaceRejected', 'ReportNoted', 'ReportDisputed'],
  cancel: ['OrderCanceled', 'CancelRejected', 'ReportDisputed'],
};

/** What venues said, and that each order took in each report about it once, in their order. */
export class Reports {
  readonly #said = new Map<string, Reported>();
  readonly #applied = new Set<string>();
  readonly #last = new Map<string, readonly [version: number, index: number]>();

  learn(commit: Commit): void {
    commit.events.forEach((event, index) => {
      this.#said.set(`${commit.stream}@${commit.version}/${index}`, event.data as unknown as Reported);
    });
  }

  isApplied(position: VenuePosition): boolean {
    return this.#applied.has(nameOf(position));
  }

  /** The execution a report takes back or puts right. */
  undoneBy(position: VenuePosition): string | undefined {
    const report = this.#said.get(nameOf(position))?.report;
    if (report?.report === 'bust') return report.executionId;
    return report?.report === 'correct' ? report.replacesExecutionId : undefined;
  }

  apply(orderId: string, position: VenuePosition, event: OrderEvent): void {
    const name = nameOf(position);
    const said = this.#said.get(name);
    demand(said?.orderId === orderId, 'reports go to their order', () => `${orderId} took ${name}`);
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
    demandMeaning(said.report, event, name);
  }

  demandAllApplied(): void {
    const missing = [...this.#said.keys()].filter((name) => !this.#applied.has(name));
    demand(missing.length === 0, 'no report is lost', () => missing.slice(0, 5).join());
  }
}

function nameOf({ stream, version, index }: VenuePosition): string {
  return `${stream}@${version}/${index}`;
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
