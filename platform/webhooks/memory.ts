import type { Written } from '../consumer/port.ts';
import type { DeliveryLine } from './line.ts';
import { type DeliveryRecord, type DeliveryStore, type RecordsQuery } from './port.ts';
import { isKept, isPruned } from './retention.ts';

/** Deliveries in memory: for tests and cells that keep nothing. */
export class MemoryDeliveryStore implements DeliveryStore {
  readonly #lines = new Map<string, DeliveryLine>();
  readonly #records = new Map<string, Map<number, DeliveryRecord>>();

  async line(webhookId: string): Promise<DeliveryLine | undefined> {
    return structuredClone(this.#lines.get(webhookId));
  }

  async advance(line: DeliveryLine, records: readonly DeliveryRecord[]): Promise<Written> {
    const { webhookId, revision } = line;
    if ((this.#lines.get(webhookId)?.revision ?? 0) !== revision) return 'conflict';
    this.#lines.set(webhookId, structuredClone({ ...line, revision: revision + 1 }));
    const kept = this.#records.get(webhookId) ?? new Map<number, DeliveryRecord>();
    this.#records.set(webhookId, kept);
    for (const record of records) kept.set(record.number, structuredClone(record));
    if (isPruned(line)) for (const one of kept.values()) if (!isKept(one, line)) kept.delete(one.number);
    return 'written';
  }

  async record(webhookId: string, number: number): Promise<DeliveryRecord | undefined> {
    return structuredClone(this.#records.get(webhookId)?.get(number));
  }

  async records(
    webhookId: string,
    { status, before = Number.POSITIVE_INFINITY, limit }: RecordsQuery,
  ): Promise<readonly DeliveryRecord[]> {
    const all = [...(this.#records.get(webhookId)?.values() ?? [])];
    const found = all.filter((one) => one.number < before && (status === undefined || one.status === status));
    return structuredClone(found.toSorted((a, b) => b.number - a.number).slice(0, limit));
  }

  async parked(limit: number): Promise<readonly DeliveryRecord[]> {
    const all = [...this.#records.values()].flatMap((records) => [...records.values()]);
    return structuredClone(all.filter(({ status }) => status === 'parked').slice(0, limit));
  }

  async forget(webhookId: string): Promise<void> {
    this.#lines.delete(webhookId);
    this.#records.delete(webhookId);
  }
}
