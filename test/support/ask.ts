import { undocumented } from './documented.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly list: readonly Record<string, unknown>[];
}

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Key {
  readonly keyId: string;
  readonly secret: string;
}

const answerMs = 30_000;

/**
 * Asks a cell at its address. `route`: method and path. A text body goes out as it is. Whatever comes back has to be what the OpenAPI
 * document says.
 */
export async function askAt(
  address: string,
  key: Key | undefined,
  route: string,
  { body, headers = {} }: Ask = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = route.split(' ');
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(address + path, {
    method,
    headers: {
      ...(key && { 'apca-api-key-id': key.keyId, 'apca-api-secret-key': key.secret }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
    signal: AbortSignal.timeout(answerMs),
  });
  const text = await answer.text();
  const unsaid = undocumented({ method, path, sent, status: answer.status, headers: answer.headers, text });
  if (unsaid.length > 0)
    throw new Error(`the OpenAPI document says otherwise: ${unsaid.join('; ')}: ${text}`);
  const isJson = answer.headers.get('content-type') === 'application/json' && text !== '';
  const value: unknown = isJson ? JSON.parse(text) : {};
  return {
    status: answer.status,
    headers: answer.headers,
    body: isRecord(value) ? value : {},
    list: Array.isArray(value) ? value.filter(isRecord) : [],
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
