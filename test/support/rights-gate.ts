import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionEntry, TableName } from '../../functions/manifest.ts';
import { Loopback } from './loopback.ts';

const reading = new Set(['GetItem', 'BatchGetItem', 'Query', 'TransactGetItems']);
const ofTheFeed = new Set(['DescribeTable', 'DescribeStream', 'GetShardIterator', 'GetRecords']);

/**
 * DynamoDB Local as the role of one function may reach it: what the manifest gives no right to is refused, as IAM does, and remembered.
 * That roles give what the manifest says is held by test/lib/rights.test.ts.
 */
export class RightsGate extends Loopback {
  readonly #behind: string;
  readonly #tables: ReadonlyMap<string, TableName>;
  /** In whose name what comes is asked for. Undefined: a test's, that may do everything. */
  serving: FunctionEntry | undefined;
  readonly refused: string[] = [];

  private constructor(behind: string, tables: ReadonlyMap<string, TableName>) {
    super();
    this.#behind = behind;
    this.#tables = tables;
  }

  static start(behind: string, tables: Readonly<Record<TableName, string>>): Promise<RightsGate> {
    const byName = new Map([
      [tables.log, 'log'],
      [tables.items, 'items'],
      [tables.views, 'views'],
    ] as const);
    return new RightsGate(behind, byName).listening();
  }

  protected override answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const lacking = this.serving && this.#lackingIn(this.serving, operation, JSON.parse(body.toString()));
    if (lacking === undefined) {
      this.#hand(request, body, response).catch((error: unknown) =>
        response.destroy(new Error(String(error))),
      );
      return;
    }
    this.refused.push(`${this.serving?.name} ${lacking}`);
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message: lacking }),
    );
  }

  #lackingIn({ rights, trigger }: FunctionEntry, operation: string, asked: object): string | undefined {
    const readsFeed = rights.feed !== undefined || trigger.kind === 'feed' || trigger.kind === 'account-feed';
    if (ofTheFeed.has(operation)) return readsFeed ? undefined : operation;
    for (const [act, name] of actsOf(operation, asked)) {
      const table = this.#tables.get(name);
      const right = table && rights[table];
      const may =
        reading.has(act) || (act === 'Scan' && table === 'views') ? right !== undefined : right === 'write';
      const isRewriting = table === 'log' && act !== 'Put' && act !== 'PutItem' && act !== 'ConditionCheck';
      const isAllowed = act === 'Scan' && table === 'log' ? rights.heads !== undefined : may;
      if (!isAllowed || (right === 'write' && isRewriting && !reading.has(act) && act !== 'Scan'))
        return `${act} in ${table ?? name}`;
    }
    return undefined;
  }

  async #hand(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(this.#behind, {
      method: 'POST',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(10_000),
    });
    const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0';
    response.writeHead(answer.status, { 'content-type': type });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}

/** What an operation does in which table: of a transaction, each of its parts. */
function actsOf(operation: string, asked: object): readonly (readonly [act: string, table: string])[] {
  const { TableName: table, RequestItems: several, TransactItems: parts } = Object(asked);
  if (parts)
    return parts.flatMap((part: object) =>
      Object.entries(part).map(([act, { TableName: name }]) => [act === 'Get' ? 'GetItem' : act, name]),
    );
  if (several) return Object.keys(several).map((name) => [operation, name]);
  return [[operation, table]];
}
