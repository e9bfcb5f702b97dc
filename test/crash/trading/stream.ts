import type { Holder } from '../memory.ts';

/** An execution as its client was told of it; cents. */
export interface Told {
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly lots: number;
  readonly priceCents: number;
}

/** One client's stream of trade events across crashes: it resumes after the last number it has, and takes no gap and no repeat. */
export class EventStream {
  readonly executions = new Map<string, Told>();
  readonly #holder: Holder;
  readonly #violated: (what: string) => void;
  #last = 0;
  #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  constructor(holder: Holder, violated: (what: string) => void) {
    this.#holder = holder;
    this.#violated = violated;
  }

  get last(): number {
    return this.#last;
  }

  resume(address: string): void {
    this.#stop = new AbortController();
    this.#reading = this.#read(address, this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read(address: string, signal: AbortSignal): Promise<void> {
    const { keyId, secret } = this.#holder.trader;
    const headers = { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret };
    try {
      const response = await fetch(`${address}/v2/events/trades?since_id=${this.#last}`, { headers, signal });
      if (response.status !== 200) return this.#violated(`a stream was answered ${response.status}`);
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) this.#take(frame);
      }
    } catch (error) {
      // The cell was killed, or we were told to stop: what a client sees of both.
      if (error instanceof SyntaxError) throw error;
    }
  }

  #take(frame: string): void {
    const data = frame.split('\n').find((line) => line.startsWith('data:'));
    if (data === undefined) return;
    const event = Object(JSON.parse(data.slice(5)));
    const number = Number(event.event_id);
    if (number !== this.#last + 1)
      this.#violated(`${this.#holder.accountId}: event ${number} came after ${this.#last}`);
    this.#last = number;
    if (event.event !== 'fill' && event.event !== 'partial_fill') return;
    const executionId = String(event.execution_id);
    if (this.executions.has(executionId)) this.#violated(`execution ${executionId} was told twice`);
    this.executions.set(executionId, {
      executionId,
      orderId: String(event.order.id),
      symbol: String(event.order.symbol),
      side: event.order.side === 'buy' ? 'buy' : 'sell',
      lots: Number(event.qty),
      priceCents: Math.round(Number(event.price) * 100),
    });
  }
}
