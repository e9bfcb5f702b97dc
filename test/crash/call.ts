import type { Trader } from '../bench/orders/load.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly as: Trader;
  readonly body?: object;
  /** Idempotency-Key. */
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly list: readonly Readonly<Record<string, unknown>>[];
  readonly isReplayed: boolean;
}

const answerMaxMs = 6_000;

/** Undefined: nobody knows whether it was done. That is also what a 5xx or "come back later" means. */
export async function answerTo(address: string, call: Call): Promise<Answer | undefined> {
  const { method, path, as, body, key } = call;
  try {
    const response = await fetch(address + path, {
      method,
      signal: AbortSignal.timeout(answerMaxMs),
      headers: {
        'apca-api-key-id': as.keyId,
        'apca-api-secret-key': as.secret,
        ...(body && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500 || response.status === 429) return undefined;
    const json: unknown = text === '' ? {} : JSON.parse(text);
    return {
      status: response.status,
      body: Object(json),
      list: Array.isArray(json) ? json : [],
      isReplayed: response.headers.get('idempotency-replayed') === 'true',
    };
  } catch {
    // The connection broke or the answer did: exactly what a client sees of a crash.
    return undefined;
  }
}

const triesMax = 50;

/** For calls that must be answered while nobody kills the cell. */
export async function mustAnswer(address: string, call: Call): Promise<Answer> {
  for (let attempt = 1; attempt <= triesMax; attempt += 1) {
    const answer = await answerTo(address, call);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${call.method} ${call.path} was not answered in ${triesMax} tries`);
}

/** Work on every one of many, at most `atOnce` of them at a time. */
export async function forEach<One>(
  all: readonly One[],
  atOnce: number,
  work: (one: One) => Promise<void>,
): Promise<void> {
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
